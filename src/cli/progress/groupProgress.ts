import type { IndexProgress } from '../../processor/indexerOptions.js';

/** A process that indexes a group of contracts of a chain. */
interface GroupOfChain {
  readonly name: string;
  readonly chain: { readonly name: string };
}

/**
 * Makes one progress for each chain of those of its groups. The chain is as far as the group that is the least far: that
 * is what readers see, and the rate of this block gives the time until all groups are at the head.
 */
export class GroupProgress {
  private readonly last = new Map<string, IndexProgress>();

  constructor(private readonly groups: readonly GroupOfChain[]) {}

  /**
   * @param name of the group that came further
   * @returns progress by the name of the chain; `null` while some group of the chain has not said anything
   */
  add(
    name: string,
    progress: IndexProgress,
  ): { readonly name: string; readonly progress: IndexProgress } | null {
    const chain = this.groups.find((group) => group.name === name)?.chain.name;
    if (chain === undefined) return { name, progress };
    this.last.set(name, progress);
    const all: IndexProgress[] = [];
    for (const group of this.groups) {
      if (group.chain.name !== chain) continue;
      const one = this.last.get(group.name);
      if (one === undefined) return null;
      all.push(one);
    }
    return { name: chain, progress: together(all) };
  }
}

function together(all: readonly IndexProgress[]): IndexProgress {
  const least = (of: (one: IndexProgress) => number) => Math.min(...all.map(of));
  const sum = (of: (one: IndexProgress) => number) =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    indexedBlock: least((of) => of.indexedBlock),
    bookedBlock: least((of) => of.bookedBlock),
    headBlock: Math.max(...all.map((of) => of.headBlock)),
    startBlock: least((of) => of.startBlock),
    hits: sum((of) => of.hits),
    operations: sum((of) => of.operations),
    commits: sum((of) => of.commits),
    onTop: all.every((of) => of.onTop),
  };
}
