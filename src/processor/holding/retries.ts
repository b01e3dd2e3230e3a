import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import type { HoldRecord } from '../../store/read/holds.js';
import { shownFrames } from './shownFrames.js';

/** Pauses between looks at a block that ended some books: the first, and the longest. */
const FIRST_PAUSE_MS = 10 * 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/** The nodes show other frames of a block that ended some books: its blocks are read again. */
export class HoldRetryError extends Error {
  override readonly name = 'HoldRetryError';

  constructor(readonly hold: HoldRecord) {
    super(`The nodes show other call frames of block ${hold.block} now`);
  }
}

/**
 * Looks from time to time whether the nodes still show what ended the books of a contract: a node that
 * lost a frame may have been repaired. It looks after ten minutes, then twice as late each time, up to
 * once a day, so that a node which changes its mind costs little.
 */
export class HoldRetries {
  private readonly next = new Map<Address, { at: number; pauseMs: number }>();
  private running: Promise<HoldRecord | null> | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * Looks at the holds that are due, while the indexer goes on.
   *
   * @returns the first hold whose block looks different now; `null`: none, or a look is under way
   */
  look(node: ChainNode, holds: readonly HoldRecord[]): Promise<HoldRecord | null> {
    if (this.running !== null) return Promise.resolve(null);
    const due = holds.filter((hold) => hold.framesHash !== null && this.isDue(hold.address));
    if (due.length === 0) return Promise.resolve(null);
    this.running = firstChanged(node, due).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private isDue(address: Address): boolean {
    const now = this.now();
    const known = this.next.get(address);
    if (known !== undefined && now < known.at) return false;
    const pauseMs = known === undefined ? FIRST_PAUSE_MS : known.pauseMs;
    this.next.set(address, {
      at: now + pauseMs,
      pauseMs: Math.min(2 * pauseMs, LONGEST_PAUSE_MS),
    });
    return known !== undefined;
  }
}

async function firstChanged(
  node: ChainNode,
  holds: readonly HoldRecord[],
): Promise<HoldRecord | null> {
  for (const hold of holds) {
    const shown = await shownFrames(node, hold.block);
    if (shown !== null && shown !== hold.framesHash) return hold;
  }
  return null;
}
