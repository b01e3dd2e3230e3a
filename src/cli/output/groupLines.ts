import type { ChainConfig } from '../../config/types.js';
import { contractGroups } from '../../processor/groups/groupChain.js';
import { formatCount } from './rate.js';

/** A group of contracts of a chain that a process of its own indexes. */
export interface GroupStatus {
  readonly name: string;
  /** Newest block that it has indexed; `null`: none yet. */
  readonly indexedBlock: number | null;
  /** How far it is behind the node; `null`: not known. */
  readonly lagBlocks: number | null;
  readonly contracts: number;
}

/** How far each group of a chain is: answers are as of the block that all of them have. */
export function groupLines(chainName: string, groups: readonly GroupStatus[]): string[] {
  return groups.map(({ name, indexedBlock, lagBlocks, contracts }) => {
    const block = indexedBlock === null ? 'no block yet' : `block ${formatCount(indexedBlock)}`;
    const lag = lagBlocks === null ? '' : `, lag ${formatCount(lagBlocks)}`;
    return `${chainName}: group ${name} has indexed ${block}${lag} (contracts: ${formatCount(contracts)})\n`;
  });
}

/** A group as the config divides a chain, and how far a group of this name is now. */
export interface PlannedGroup {
  readonly name: string;
  readonly contracts: number;
  /** `null`: it has no block yet, or the chain was not divided so far. */
  readonly indexedBlock: number | null;
  /** How far it is behind the group that is the furthest; `null`: it has no block yet. */
  readonly behindBlocks: number | null;
}

/** The groups of a chain in the config, with how far those of the database are. */
export function plannedGroups(
  chain: ChainConfig,
  stored: readonly Pick<GroupStatus, 'name' | 'indexedBlock'>[],
): PlannedGroup[] {
  const furthest = Math.max(...stored.map(({ indexedBlock }) => indexedBlock ?? -1));
  return contractGroups(chain).map(({ name, contracts }) => {
    const indexedBlock = stored.find((group) => group.name === name)?.indexedBlock ?? null;
    const behindBlocks = indexedBlock === null ? null : furthest - indexedBlock;
    return { name, contracts: contracts.length, indexedBlock, behindBlocks };
  });
}

/** The groups of a plan, in lines. */
export function plannedGroupLines(
  groups: readonly PlannedGroup[],
  stored: readonly { readonly name: string }[],
): string[] {
  const gone = stored.filter(({ name }) => !groups.some((group) => group.name === name));
  return [
    ...groups.map(({ name, contracts, indexedBlock, behindBlocks }) => {
      const own = `  group ${name} (contracts: ${formatCount(contracts)})`;
      if (indexedBlock === null || behindBlocks === null) return `${own}: no block is indexed yet`;
      const behind =
        behindBlocks === 0 ? '' : `, ${formatCount(behindBlocks)} blocks behind the furthest group`;
      return `${own}: indexed to block ${formatCount(indexedBlock)}${behind}`;
    }),
    ...gone.map(
      ({ name }) => `  group ${name} ends: what it has above the block of all groups is read again`,
    ),
  ];
}
