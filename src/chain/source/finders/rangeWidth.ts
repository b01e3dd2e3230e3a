import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';

/** Blocks that the first question asks for. */
const FIRST_WIDTH = 1_000;
/** More blocks at once bring nothing: an empty answer costs as much as its way. */
const WIDEST = 50_000;
const FAST_MS = 1_000;
const SLOW_MS = 5_000;
/** Entries of an answer that are enough for one question. */
const MANY_ENTRIES = 2_000;
/** A range grows so much where answers are far from slow and long, until one was too much. */
const FIRST_GROWTH = 16;

/** How many blocks the next question of a finder asks for, by what those before it took and brought. */
export class RangeWidth {
  private width: number;
  /** Of the next question while none is answered. */
  private tried: number;
  private isAnswered = false;
  private wasTooMuch = false;
  private blocks = 0;
  private entries = 0;

  /** @param widest blocks at most */
  constructor(private readonly widest = WIDEST) {
    this.width = Math.min(FIRST_WIDTH, widest);
    this.tried = this.width;
  }

  /** Before the first answer, each is twice as wide as the one before: one of them will be right. */
  next(): number {
    const width = this.isAnswered ? this.width : this.tried;
    this.tried = Math.min(2 * width, this.widest);
    return width;
  }

  /** @param entries of all its answers */
  answered({ from, to }: BlockRange, entries: number, tookMs: number): void {
    const blocks = to - from + 1;
    this.isAnswered = true;
    this.blocks += blocks;
    this.entries += entries;
    if (tookMs > SLOW_MS || entries > 5 * MANY_ENTRIES) {
      this.wasTooMuch = true;
      this.width = Math.max(1, Math.min(this.width, Math.ceil(blocks / 2)));
    } else if (tookMs < FAST_MS && entries < MANY_ENTRIES) {
      this.width = Math.max(this.width, this.wider(blocks, entries, tookMs));
    }
  }

  private wider(blocks: number, entries: number, tookMs: number): number {
    const isFarBelow = tookMs < FAST_MS / 2 && entries < MANY_ENTRIES / 4;
    if (this.wasTooMuch) {
      return blocks < this.width ? 0 : Math.min(blocks * (isFarBelow ? 4 : 2), this.widest);
    }
    const growth = isFarBelow ? FIRST_GROWTH * Math.max(blocks, FIRST_WIDTH) : 2 * blocks;
    // By what is known of the chain, the answer would have half of what is enough.
    const fitting = Math.floor(MANY_ENTRIES / 2 / (this.entries / this.blocks));
    return Math.min(growth, Math.max(fitting, 2 * blocks), this.widest);
  }
}
