import type { Address } from '../address.js';
import { REST_GROUP } from './groups.js';
import type { ChainConfig } from './types.js';

/** A group of a chain with all of its contracts. */
export interface ChainGroup {
  readonly name: string;
  /** In ascending order. */
  readonly contracts: readonly Address[];
}

/**
 * The groups of a chain, those of other contracts first; none: one process indexes the chain. The first group keeps
 * what belongs to the whole chain: hashes, commitments, kinds of accounts and the background audit.
 */
export function groupsOfChain(chain: ChainConfig): readonly ChainGroup[] {
  const { groups = [], tokens, oracles, collections, sales, lookThrough = [] } = chain;
  if (groups.length === 0) return [];
  const named = new Map(
    groups.flatMap(({ name, contracts }) => contracts.map((address) => [address, name] as const)),
  );
  const holds = new Map(lookThrough.map(({ address, token }) => [address, token] as const));
  const groupOf = (address: Address | null, depth = 0): string => {
    if (address === null || depth > holds.size) return REST_GROUP;
    const held = holds.get(address);
    return held === undefined ? (named.get(address) ?? REST_GROUP) : groupOf(held, depth + 1);
  };
  const all = [
    ...[...tokens, ...oracles, ...collections, ...lookThrough].map(
      ({ address }) => [address, groupOf(address)] as const,
    ),
    ...sales.map(({ address, token }) => [address, groupOf(token)] as const),
  ];
  return [REST_GROUP, ...groups.map(({ name }) => name)].flatMap((name) => {
    const contracts = all.flatMap(([address, group]) => (group === name ? [address] : []));
    return contracts.length === 0 ? [] : [{ name, contracts: [...new Set(contracts)].sort() }];
  });
}
