import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import type { Piece } from './finders/finder.js';

/** Blocks that are read one by one after the next ones of which most are hits. */
const FIRST_SPAN = 1_000;
const LONGEST_SPAN = 16_000;
/** Blocks by which it is judged whether most of them are hits. */
const JUDGED_BLOCKS = 200;
const DENSE_SHARE = 0.5;
/** So many hits of one answer show it too. */
const DENSE_HITS = 50;

/**
 * Judges whether so many blocks are hits that to find them first costs more than to read each, and how far they are read one
 * by one then.
 */
export class DenseStretches {
  /** Up to here most blocks concern us. */
  private denseTo = -1;
  private span = FIRST_SPAN;
  private blocksBefore = 0;
  private hitsBefore = 0;
  /** Nothing shows yet whether most blocks from here on are hits. */
  isUnknown = true;

  /** Blocks up to here are read one by one; -1: none. */
  get end(): number {
    return this.denseTo;
  }

  /** Whether a part that was read shows it, with those before it. */
  isShownBy({ from, to, hits }: BlockRange & { readonly hits: number }): boolean {
    this.blocksBefore += to - from + 1;
    this.hitsBefore += hits;
    if (this.blocksBefore < JUDGED_BLOCKS) return false;
    const isDense = this.hitsBefore / this.blocksBefore > DENSE_SHARE;
    this.blocksBefore = 0;
    this.hitsBefore = 0;
    if (isDense) this.note(to);
    else this.span = FIRST_SPAN;
    return isDense;
  }

  /** Most of the blocks up to here are hits. */
  note(to: number): void {
    this.denseTo = to + this.span;
    // To ask again and again costs more than it saves where most blocks stay hits.
    this.span = Math.min(2 * this.span, LONGEST_SPAN);
    this.isUnknown = true;
  }

  /** Blocks up to here are read one by one at least, for another reason. */
  atLeast(to: number): void {
    this.denseTo = Math.max(this.denseTo, to);
  }
}

/** Whether most blocks of a piece are hits. */
export function isMostly({ to, hits }: Piece, from: number): boolean {
  return hits.length >= DENSE_HITS && hits.length / (to - from + 1) > DENSE_SHARE;
}
