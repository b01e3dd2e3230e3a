import { z } from 'zod';
import { type Address, checksummed } from '../address.js';
import { GROUPS_AT_MOST, LAST_GROUPED_CHAIN_ID } from '../chainIds.js';
import { addressField, refuseAt } from './file/fields.js';

/** Contracts of a chain that a process of its own indexes. */
export interface GroupConfig {
  readonly name: string;
  /** Tokens, oracles and collections: what a token is sold or pooled by goes with the token. */
  readonly contracts: readonly Address[];
}

/** The group of everything that no group names. */
export const REST_GROUP = 'main';

export const GROUP_KEYS = { groups: ['name', 'contracts'] };
export const GROUP_KEY_HINTS = {
  groups:
    'Write `groups:` and below it a list: `- name: second`, `  contracts: [0x…]`, or leave it out: then one process indexes the chain.',
  'groups.name': 'Write a name of a-z, 0-9 and hyphens, e.g. `name: second`.',
  'groups.contracts':
    'Write the addresses of tokens, oracles or collections of this chain: `contracts: [0x…]`.',
};

export const groupsField = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'is not a name of a-z, 0-9 and hyphens'),
      contracts: z.array(addressField).min(1),
    }),
  )
  .max(GROUPS_AT_MOST - 1)
  .default([]);

interface GroupedChain {
  readonly id: number;
  readonly groups: readonly GroupConfig[];
  readonly tokens: readonly { readonly address: Address }[];
  readonly oracles: readonly { readonly address: Address }[];
  readonly collections: readonly { readonly address: Address }[];
  readonly sales: readonly { readonly address: Address }[];
  readonly lookThrough: readonly { readonly address: Address }[];
  readonly prices: readonly unknown[];
  readonly tokensFrom: readonly unknown[];
  readonly collectionsFrom: readonly unknown[];
  readonly salesFrom: readonly unknown[];
}

/** Refuses groups whose books could differ from those of one process, or that name what the chain does not have. */
export function checkGroups(chain: GroupedChain, context: z.core.$RefinementCtx): void {
  if (chain.groups.length === 0) return;
  const refuse = (path: readonly PropertyKey[], reason: string, hint: string) =>
    refuseAt(context, path, { reason, hint });
  const withoutGroups = 'Remove `groups`: then one process indexes the chain.';
  if (chain.id > LAST_GROUPED_CHAIN_ID) {
    refuse(['groups'], `chain id ${chain.id} is too large for groups`, withoutGroups);
  }
  for (const key of ['tokensFrom', 'collectionsFrom', 'salesFrom', 'prices'] as const) {
    if (chain[key].length === 0) continue;
    refuse(['groups'], `\`groups\` and \`${key}\` cannot be used together`, withoutGroups);
  }
  for (const [index, { name, contracts }] of chain.groups.entries()) {
    const path = ['groups', index];
    if (name === REST_GROUP) {
      const hint = 'Choose another name. `main` has the contracts that no group names.';
      refuse([...path, 'name'], '`main` is the name of the group of all other contracts', hint);
    }
    if (chain.groups.findIndex((other) => other.name === name) < index) {
      refuse([...path, 'name'], `"${name}" is the name of another group`, 'Choose another name.');
    }
    for (const [place, address] of contracts.entries()) {
      const problem = problemOf(chain, address, { index, place });
      if (problem !== null) refuse([...path, 'contracts', place], ...problem);
    }
  }
  checkCollections(chain, refuse);
}

/** One transaction may mint in several collections: each counts the mints of the others. */
function checkCollections(
  { groups, collections }: GroupedChain,
  refuse: (path: readonly PropertyKey[], reason: string, hint: string) => void,
): void {
  const groupsOf = collections.map(({ address }) =>
    groups.findIndex(({ contracts }) => contracts.includes(address)),
  );
  if (new Set(groupsOf).size < 2) return;
  const hint = 'Name all collections of the chain in the same group, or none of them.';
  refuse(['groups'], 'collections of the chain are in different groups', hint);
}

function problemOf(
  { groups, tokens, oracles, collections, sales, lookThrough }: GroupedChain,
  address: Address,
  at: { readonly index: number; readonly place: number },
): readonly [reason: string, hint: string] | null {
  const named = checksummed(address);
  const is = (list: readonly { readonly address: Address }[]) =>
    list.some((one) => one.address === address);
  const isBefore = groups.some(({ contracts }, index) =>
    contracts.some(
      (other, place) =>
        other === address && (index < at.index || (index === at.index && place < at.place)),
    ),
  );
  if (isBefore) return [`${named} is already in a group`, 'Name each contract once.'];
  if (is([...tokens, ...oracles, ...collections])) return null;
  if (is([...sales, ...lookThrough])) {
    const hint = 'Name the token: its sales and pools go with it.';
    return [`${named} is a sale or a pool, and goes with its token`, hint];
  }
  const hint = 'Write the address of a token, an oracle or a collection of this chain.';
  return [`${named} is not a contract of this chain`, hint];
}
