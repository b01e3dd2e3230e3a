import type { LiveEntry } from './feeds.js';

const ENTRIES_AT_MOST = 5_000;

/**
 * The entries of a list in the blocks of a chain that a reorg can take back. Their rows are
 * deleted by then, and clients need the withdrawn entries.
 */
export class RecentEntries {
  private constructor(
    /** Ascending by block. */
    private readonly entries: readonly LiveEntry[],
    /** All entries above this block are remembered. */
    private readonly completeAbove: number,
  ) {}

  static none(above: number): RecentEntries {
    return new RecentEntries([], above);
  }

  /** The entries above a block; `null` if not all of them are remembered. */
  above(block: number): readonly LiveEntry[] | null {
    if (block < this.completeAbove) return null;
    return this.entries.filter(({ row }) => row.block > block);
  }

  /**
   * After blocks above `fork` were replaced: what is above `finalizedBlock`.
   *
   * @param added the entries above `fork`; `null` if they were not read.
   */
  moved(options: {
    readonly fork: number;
    readonly head: number;
    readonly added: readonly LiveEntry[] | null;
    readonly finalizedBlock: number;
  }): RecentEntries {
    const { fork, head, added, finalizedBlock } = options;
    if (added === null) return RecentEntries.none(head);
    const kept = [...this.entries.filter(({ row }) => row.block <= fork), ...added].filter(
      ({ row }) => row.block > finalizedBlock,
    );
    const completeAbove = Math.max(Math.min(this.completeAbove, fork), finalizedBlock);
    const overflow = kept[kept.length - ENTRIES_AT_MOST - 1];
    if (overflow === undefined) return new RecentEntries(kept, Math.min(completeAbove, head));
    // Whole blocks are forgotten.
    const from = overflow.row.block;
    return new RecentEntries(
      kept.filter(({ row }) => row.block > from),
      from,
    );
  }
}
