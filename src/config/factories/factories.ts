import type { EventFragment } from 'ethers';
import { z } from 'zod';
import type { Address } from '../../address.js';
import { policyField, type StatedPolicy } from '../contracts/policy.js';
import { addressField, refuseAt } from '../file/fields.js';
import { type SaleKindConfig, saleKindFields, saleKindOf } from '../sales/sales.js';
import { addressFieldProblem, type FactoryEvent, resolveEvent } from './factoryEvent.js';

/** A contract that creates contracts to index, and the event that names them. */
export interface FactorySource {
  /** Lower case. */
  readonly factory: Address;
  readonly event: FactoryEvent;
  /** Field of the event with the address of the created contract. */
  readonly field: string;
  /** First block to search; must not be after the deployment. `null`: found by itself. */
  readonly startBlock: number | null;
}

export interface TokenFactory extends FactorySource {
  readonly makes: 'token';
  readonly policy: string | StatedPolicy;
  readonly assets: readonly Address[];
}

export interface CollectionFactory extends FactorySource {
  readonly makes: 'collection';
}

export interface SaleFactory extends FactorySource, SaleKindConfig {
  readonly makes: 'sale';
  /** The revenue token that each sale sells, or the field of the event that names it. */
  readonly token: Address | { readonly field: string };
}

export type FactoryConfig = TokenFactory | CollectionFactory | SaleFactory;

const SOURCE_KEYS = ['factory', 'event', 'field', 'factoryAbi', 'startBlock'];

/** Keys below `tokensFrom`, `collectionsFrom` and `salesFrom`. */
export const FACTORY_KEYS: Readonly<Record<string, readonly string[]>> = {
  tokensFrom: [...SOURCE_KEYS, 'policy', 'assets'],
  collectionsFrom: SOURCE_KEYS,
  salesFrom: [...SOURCE_KEYS, 'kind', 'token', 'raiseAsset', 'abi', 'mapping'],
};

const EXAMPLE =
  '`- factory: "0x…"`, `event: "event TokenCreated(address indexed token)"`, `field: token`';

export const FACTORY_KEY_HINTS: Readonly<Record<string, string>> = {
  tokensFrom: `Write \`tokensFrom:\` and below it a list with one entry per factory: ${EXAMPLE}.`,
  collectionsFrom: `Write \`collectionsFrom:\` and below it a list with one entry per factory: ${EXAMPLE}.`,
  salesFrom: `Write \`salesFrom:\` and below it a list with one entry per factory: ${EXAMPLE}, \`kind: launchpad\`, \`token: "0x…"\`.`,
  factory: 'Write the address of the factory, 0x and 40 hex digits.',
  field: 'Write the name of the event’s field that holds the address of the created contract.',
  factoryAbi:
    'Write the path of the factory’s ABI file, from the folder of this file: `factoryAbi: ./factory.json`.',
};

const text = z.string().min(1);

/** The lists of factories of a chain. */
export function factoryFields(folder: string, block: z.ZodType<number | null | undefined>) {
  const source = {
    factory: addressField,
    event: text,
    field: text,
    factoryAbi: text.nullish(),
    startBlock: block,
  };
  const token = z
    .strictObject({
      ...source,
      policy: policyField.default('auto'),
      assets: z.array(addressField).default([]),
    })
    .transform((entry, context): TokenFactory => {
      const { policy, assets } = entry;
      return { makes: 'token', ...sourceOf(entry, folder, context).source, policy, assets };
    });
  const collection = z.strictObject(source).transform((entry, context): CollectionFactory => {
    return { makes: 'collection', ...sourceOf(entry, folder, context).source };
  });
  const sale = z
    .strictObject({ ...source, ...saleKindFields, token: text })
    .transform((entry, context): SaleFactory => {
      const { source: found, fragment } = sourceOf(entry, folder, context);
      const sold = soldToken(entry.token, fragment, context);
      return { makes: 'sale', ...found, ...saleKindOf(entry, folder, context), token: sold };
    });
  return {
    tokensFrom: z.array(token).default([]),
    collectionsFrom: z.array(collection).default([]),
    salesFrom: z.array(sale).default([]),
  };
}

function sourceOf(
  entry: {
    readonly factory: Address;
    readonly event: string;
    readonly field: string;
    readonly factoryAbi?: string | null | undefined;
    readonly startBlock?: number | null | undefined;
  },
  folder: string,
  context: z.core.$RefinementCtx,
): { readonly source: FactorySource; readonly fragment: EventFragment | null } {
  const { factory, field, startBlock } = entry;
  const { fragment, problems } = resolveEvent(entry, folder);
  for (const { path, ...problem } of problems) refuseAt(context, path, problem);
  const event = {
    fragment: fragment?.format('full') ?? '',
    topic: fragment?.topicHash.toLowerCase() ?? '',
  };
  return { source: { factory, event, field, startBlock: startBlock ?? null }, fragment };
}

/** `token` of a sale factory: an address, or a field of the event. */
function soldToken(
  written: string,
  event: EventFragment | null,
  context: z.core.$RefinementCtx,
): SaleFactory['token'] {
  if (!written.startsWith('0x')) {
    const problem = event === null ? null : addressFieldProblem(event, written);
    if (problem !== null) refuseAt(context, ['token'], problem);
    return { field: written };
  }
  const { data = '0x', error } = addressField.safeParse(written);
  for (const issue of error?.issues ?? []) {
    context.issues.push({ ...issue, path: ['token', ...issue.path] } as z.core.$ZodRawIssue);
  }
  return data;
}

interface Factories {
  readonly tokensFrom: readonly TokenFactory[];
  readonly collectionsFrom: readonly CollectionFactory[];
  readonly salesFrom: readonly SaleFactory[];
}

/** The factories of a chain, left out where there are none. */
export function factoriesOf({ tokensFrom, collectionsFrom, salesFrom }: Factories): {
  readonly factories?: readonly FactoryConfig[];
} {
  const factories = [...tokensFrom, ...collectionsFrom, ...salesFrom];
  return factories.length === 0 ? {} : { factories };
}

/** Refuses a factory whose event and field stand twice in a chain. */
export function checkFactories(chain: Factories, context: z.core.$RefinementCtx): void {
  const seen = new Map<string, string>();
  for (const list of ['tokensFrom', 'collectionsFrom', 'salesFrom'] as const) {
    for (const [index, entry] of chain[list].entries()) {
      const key = factoryKey(entry);
      const first = seen.get(key);
      seen.set(key, first ?? `${list}[${index}]`);
      if (first === undefined || entry.event.topic === '') continue;
      refuseAt(context, [list, index, 'event'], {
        reason: `the field "${entry.field}" of this event of ${entry.factory} is already configured as ${first}`,
        hint: 'Delete one of the two entries: a contract is of one kind.',
      });
    }
  }
}

/** What tells entries apart: contracts that one of them found belong to it. */
export function factoryKey({ factory, event, field }: FactorySource): string {
  return `${factory} ${event.topic} ${field}`;
}
