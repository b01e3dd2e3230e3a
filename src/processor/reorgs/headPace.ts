/** The shortest pause between two questions for the head. */
const SHORTEST_MS = 100;
/** How many questions the time of a block is worth where a block is due. */
const QUESTIONS_A_BLOCK = 16;
/** The weight of the newest block in the time between blocks. */
const NEWEST_WEIGHT = 0.25;
/** So many blocks late, a chain is taken to rest. */
const LATE_BLOCKS = 4;

/**
 * When to ask for the head: rarely after a block, often where the next one is due. It learns the pace of the
 * chain from the heads that it sees.
 */
export class HeadPace {
  private head: { readonly height: number; readonly at: number } | null = null;
  private blockMs: number | null = null;

  /** @param longestMs the longest pause, also while nothing is known */
  constructor(private readonly longestMs: number) {}

  /** The head was asked for, and was this. @param at milliseconds of any clock */
  saw(height: number, at: number): void {
    const { head } = this;
    if (head !== null && height > head.height) {
      const each = (at - head.at) / (height - head.height);
      const before = this.blockMs ?? each;
      this.blockMs = before + NEWEST_WEIGHT * (each - before);
    }
    if (head === null || height !== head.height) this.head = { height, at };
  }

  /** Milliseconds until the next question. */
  pauseMs(at: number): number {
    const { head, blockMs, longestMs } = this;
    const shortest = Math.min(SHORTEST_MS, longestMs);
    // Two heads show the pace: until then it is asked as of a fast chain.
    if (head === null || blockMs === null) return Math.min(1_000, longestMs);
    const often = Math.max(blockMs / QUESTIONS_A_BLOCK, shortest);
    const dueIn = head.at + blockMs - 2 * often - at;
    const isLate = at - head.at > LATE_BLOCKS * blockMs;
    const pause = isLate ? (at - head.at) / LATE_BLOCKS : Math.max(dueIn, often);
    return Math.min(pause, longestMs);
  }
}
