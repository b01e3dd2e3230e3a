import { type Address, checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import type { HeldAnswer, HoldRecord } from '../../store/read/tokens/holds.js';
import { shownFrames } from './shownFrames.js';

/** Pauses between looks at a block that ended some books: the first, and the longest. */
const FIRST_PAUSE_MS = 10 * 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;
/** Changes that are believed of one contract, for as long as the process runs. */
const CHANGES_AT_MOST = 10;

/** The nodes show or answer something else than what ended some books: the blocks are read again. */
export class HoldRetryError extends Error {
  override readonly name = 'HoldRetryError';

  constructor({ hold, isAnswer }: ChangedHold) {
    const { block, address } = hold;
    super(
      isAnswer
        ? `The nodes answer otherwise about ${checksummed(address)} than before its books ended at block ${hold.lastBlock}`
        : `The nodes show other call frames of block ${block} now`,
    );
    this.hold = hold;
  }

  readonly hold: HoldRecord;
}

/** What nodes answered about a contract before its books ended. */
export type AnswersOf = (hold: HoldRecord) => Promise<readonly HeldAnswer[]>;

/** A hold whose cause may have passed. */
export interface ChangedHold {
  readonly hold: HoldRecord;
  /** An answer about a state is another one; else it is the frames of its block. */
  readonly isAnswer: boolean;
}

/**
 * Looks from time to time whether the nodes still show and answer what ended the books of a contract: a
 * node that lost a frame, or answered with the state of another block, may have been repaired. It looks
 * after ten minutes, then twice as late each time, up to once a day, and gives up after ten changes, so
 * that a node which changes its mind costs little.
 */
export class HoldRetries {
  private readonly next = new Map<Address, { at: number; pauseMs: number }>();
  private readonly changes = new Map<Address, number>();
  private running: Promise<ChangedHold | null> | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * Checks the holds that are due, while the indexer continues.
   *
   * @returns the first hold whose cause may have passed; `null`: none, or a check is running
   */
  look(
    node: ChainNode,
    holds: readonly HoldRecord[],
    answersOf: AnswersOf,
  ): Promise<ChangedHold | null> {
    if (this.running !== null) return Promise.resolve(null);
    const due = holds.filter(({ address }) => this.isDue(address));
    if (due.length === 0) return Promise.resolve(null);
    this.running = firstChanged(node, due, answersOf)
      .then((changed) => this.count(changed))
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  private count(changed: ChangedHold | null): ChangedHold | null {
    if (changed === null) return null;
    const { address } = changed.hold;
    this.changes.set(address, (this.changes.get(address) ?? 0) + 1);
    return changed;
  }

  private isDue(address: Address): boolean {
    if ((this.changes.get(address) ?? 0) >= CHANGES_AT_MOST) return false;
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
  answersOf: AnswersOf,
): Promise<ChangedHold | null> {
  for (const hold of holds) {
    const { framesHash, block } = hold;
    const shown = framesHash === null ? null : await shownFrames(node, block);
    if (shown !== null && shown !== framesHash) return { hold, isAnswer: false };
    for (const answer of await answersOf(hold)) {
      if (await node.answersOtherwise(answer)) return { hold, isAnswer: true };
    }
  }
  return null;
}
