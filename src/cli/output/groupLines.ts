import { formatCount } from './rate.js';

/** A group of contracts of a chain that a process of its own indexes. */
export interface GroupStatus {
  readonly name: string;
  /** Newest block that it has indexed; `null`: none yet. */
  readonly indexedBlock: number | null;
  readonly contracts: number;
}

/** How far each group of a chain is: answers are as of the block that all of them have. */
export function groupLines(chainName: string, groups: readonly GroupStatus[]): string[] {
  return groups.map(({ name, indexedBlock, contracts }) => {
    const block = indexedBlock === null ? 'no block yet' : `block ${formatCount(indexedBlock)}`;
    return `${chainName}: group ${name} has indexed ${block} (contracts: ${formatCount(contracts)})\n`;
  });
}
