import type { Address } from '../../address.js';
import { type ChainGroup, groupsOfChain } from '../../config/chainGroups.js';
import type { ChainConfig } from '../../config/types.js';
import { chainIdOf, groupKey } from '../../store/booksKey.js';
import type { ContractGroup } from '../../store/registry/groups.js';

/** The groups of a chain with the keys under which the store notes how far each is indexed. */
export function contractGroups(chain: ChainConfig): readonly ContractGroup[] {
  return groupsOfChain(chain).map(({ name, contracts }, place) => ({
    key: groupKey(chain.id, place),
    name,
    contracts,
  }));
}

/** The part of a config that a group indexes, under its key. */
export function groupChain(
  chain: ChainConfig,
  { key, contracts }: Pick<ContractGroup, 'key'> & Pick<ChainGroup, 'contracts'>,
): ChainConfig {
  const own = new Set(contracts);
  const isOwn = ({ address }: { readonly address: Address }) => own.has(address);
  return {
    ...chain,
    id: key,
    tokens: chain.tokens.filter(isOwn),
    collections: chain.collections.filter(isOwn),
    oracles: chain.oracles.filter(isOwn),
    sales: chain.sales.filter(isOwn),
    lookThrough: (chain.lookThrough ?? []).filter(isOwn),
    prices: [],
    factories: [],
  };
}

/** Whether books keep what belongs to the whole chain: those of a chain without groups, or its first group. */
export function keepsWholeChain(key: number): boolean {
  return key >= 0 || key === groupKey(chainIdOf(key), 0);
}
