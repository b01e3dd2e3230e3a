import { groupsOfChain } from '../../config/chainGroups.js';
import type { ChainConfig } from '../../config/types.js';

/** What one process indexes: a chain, or a group of its contracts. */
export interface IndexUnit {
  readonly chain: ChainConfig;
  /** `null`: all contracts of the chain. */
  readonly group: string | null;
  /** Titles its lines and its metrics: `base`, or `base/second` for a group. */
  readonly name: string;
}

/** The processes that chains need, in the order of the config. */
export function indexUnits(chains: readonly ChainConfig[]): IndexUnit[] {
  return chains.flatMap((chain): IndexUnit[] => {
    const groups = groupsOfChain(chain);
    if (groups.length === 0) return [{ chain, group: null, name: chain.name }];
    return groups.map(({ name }) => indexUnit(chain, name));
  });
}

/** One group of a chain. */
export function indexUnit(chain: ChainConfig, group: string): IndexUnit {
  return { chain, group, name: `${chain.name}/${group}` };
}
