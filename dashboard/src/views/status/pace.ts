import type { ChainHead } from '../../ledger/heads.js';

/** A chain when it was seen first, since the view was opened. */
interface Seen {
  readonly block: number;
  readonly atMs: number;
}

/** How fast chains are indexed, as it was seen since the view was opened. */
export class Pace {
  private readonly first = new Map<number, Seen>();

  /**
   * Milliseconds until a chain is at the head, if it goes on as since the first look.
   *
   * @returns `null`: it is there, or nothing was indexed meanwhile
   */
  leftMs({ chainId, indexed, lagBlocks }: ChainHead, nowMs: number): number | null {
    if (indexed == null || lagBlocks == null || lagBlocks === 0) return null;
    const seen = this.first.get(chainId);
    // After a reorg, or when nothing is known, it starts again.
    if (seen === undefined || indexed.block < seen.block) {
      this.first.set(chainId, { block: indexed.block, atMs: nowMs });
      return null;
    }
    const blocks = indexed.block - seen.block;
    if (blocks === 0 || nowMs <= seen.atMs) return null;
    return (lagBlocks * (nowMs - seen.atMs)) / blocks;
  }
}
