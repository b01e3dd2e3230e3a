import { z } from 'zod';
import type { Address } from '../../address.js';
import { SALE_KINDS, type SaleKind } from '../../ledger/sales/saleKinds.js';
import { closest } from '../file/closest.js';
import { addressField, refuseAt } from '../file/fields.js';
import { abiField, readAbi } from '../mapping/abi.js';
import { oneOrList } from '../mapping/oneOrList.js';
import { type CustomSale, resolveMapping, type WrittenMapping } from './customSale.js';
import { MAPPING_KINDS } from './mappingKinds.js';

/** How a sale sells. */
export interface SaleKindConfig {
  readonly kind: SaleKind;
  /** `null`: the contract's own getter says it, else it is the chain's coin. */
  readonly raiseAsset: Address | 'native' | null;
  /** What the events of a `custom` sale mean; `null` for the other kinds. */
  readonly custom: CustomSale | null;
}

/** A sale to index. */
export interface SaleConfig extends SaleKindConfig {
  readonly address: Address;
  /** The revenue token sold; one of the chain's `tokens`. */
  readonly token: Address;
  readonly startBlock: number | null;
  readonly label: string | null;
}

const ENTRY_KEYS = ['event', 'participant', 'caller', 'raiseAmount', 'tokenAmount'];
const MAPPING_KEYS = Object.keys(MAPPING_KINDS);

/** Keys below `sales`, by the key that they stand under. */
export const SALE_KEYS: Readonly<Record<string, readonly string[]>> = {
  sales: ['address', 'kind', 'token', 'raiseAsset', 'startBlock', 'label', 'abi', 'mapping'],
  mapping: MAPPING_KEYS,
  ...Object.fromEntries(MAPPING_KEYS.map((key) => [key, ENTRY_KEYS])),
};

const EXAMPLE_ENTRY = 'e.g. `deposit: {event: Deposit, participant: user, raiseAmount: amount}`';

export const SALE_KEY_HINTS: Readonly<Record<string, string>> = {
  sales: 'Write `sales:` and below it a list with one entry per sale: `- address: 0x…`.',
  kind: `Write \`kind:\` and one of ${SALE_KINDS.join(', ')}.`,
  token: 'Write the address of the revenue token that is sold.',
  raiseAsset: 'Write `raiseAsset: native` or the address of the ERC-20 that is raised.',
  label: 'Write a name for people, e.g. `label: public sale`, or leave it out.',
  abi: 'Write the path of the ABI file, from the folder of this file: `abi: ./sale.json`; or a list of signatures.',
  mapping: `Say what the events mean, ${EXAMPLE_ENTRY}.`,
  event: 'Write the name of an event of the ABI, e.g. `event: Deposit`.',
  ...Object.fromEntries(
    MAPPING_KEYS.map((key) => [
      key,
      `Say which event it is and name its fields, ${EXAMPLE_ENTRY}.`,
    ]),
  ),
};

const text = z.string().min(1);
const entry = z.strictObject({
  event: text,
  participant: text.nullish(),
  caller: text.nullish(),
  raiseAmount: text.nullish(),
  tokenAmount: text.nullish(),
});

const entries = oneOrList(entry);

const mapping = z.strictObject(
  Object.fromEntries(MAPPING_KEYS.map((key) => [key, entries.optional()])),
);

const raiseAsset = z.union([z.literal('native'), addressField]);

const kind = z.string().transform((name, context): SaleKind => {
  const known = SALE_KINDS.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  const similar = closest(name, SALE_KINDS);
  refuseAt(context, [], {
    reason: `"${name}" is not a kind of sale`,
    hint: `${similar === null ? '' : `Did you mean "${similar}"? `}Known kinds: ${SALE_KINDS.join(', ')}.`,
  });
  return z.NEVER;
});

/** What the entries of `sales` and `salesFrom` have in common. */
export const saleKindFields = {
  kind,
  raiseAsset: raiseAsset.nullish(),
  abi: abiField.nullish(),
  mapping: mapping.nullish(),
};

interface WrittenSaleKind {
  readonly kind: SaleKind;
  readonly raiseAsset?: SaleKindConfig['raiseAsset'] | undefined;
  readonly abi?: string | readonly string[] | null | undefined;
  readonly mapping?: Record<string, unknown> | null | undefined;
}

/** How a sale sells, with every problem of its mapping. */
export function saleKindOf(
  sale: WrittenSaleKind,
  folder: string,
  context: z.core.$RefinementCtx,
): SaleKindConfig {
  const { kind: of, raiseAsset: raised = null } = sale;
  return { kind: of, raiseAsset: raised, custom: customOf(sale, folder, context) };
}

/**
 * An entry of `sales`. The ABI of a custom sale is read and its mapping checked against it,
 * so that every mistake is reported with its path before anything is indexed.
 *
 * @param folder where relative paths of ABI files begin: that of the config file.
 * @param block the schema of a block number.
 */
export function saleField(folder: string, block: z.ZodType<number | null | undefined>) {
  return z
    .strictObject({
      ...saleKindFields,
      address: addressField,
      token: addressField,
      startBlock: block,
      label: text.nullish(),
    })
    .transform((sale, context): SaleConfig => {
      const sold = saleKindOf(sale, folder, context);
      if (sale.raiseAsset === sale.token) {
        refuseAt(context, ['raiseAsset'], {
          reason: `${sale.token} is the token itself`,
          hint: 'Write what buyers pay with: native, or the address of another ERC-20.',
        });
      }
      return {
        address: sale.address,
        token: sale.token,
        startBlock: sale.startBlock ?? null,
        label: sale.label ?? null,
        ...sold,
      };
    });
}

function customOf(
  sale: WrittenSaleKind,
  folder: string,
  context: z.core.$RefinementCtx,
): CustomSale | null {
  const isCustom = sale.kind === 'custom';
  for (const key of ['abi', 'mapping'] as const) {
    if ((sale[key] == null) !== isCustom) continue;
    refuseAt(context, [key], {
      reason: isCustom ? 'is missing' : `a sale of kind ${sale.kind} has none`,
      hint: isCustom ? (SALE_KEY_HINTS[key] ?? '') : 'Leave it out, or write `kind: custom`.',
    });
  }
  if (!isCustom || sale.abi == null || sale.mapping == null) return null;
  // zod continues after an unknown key: the mapping is read only if its shape is right.
  if (context.issues.length > 0) return null;
  const abi = readAbi(sale.abi, folder);
  if (abi.problem !== null) {
    refuseAt(context, ['abi'], { reason: abi.problem, hint: SALE_KEY_HINTS.abi ?? '' });
    return null;
  }
  // zod has checked every entry of it.
  const resolved = resolveMapping(abi.contents, sale.mapping as WrittenMapping);
  for (const { path, ...problem } of resolved.problems) refuseAt(context, path, problem);
  return resolved.sale;
}
