import { HeldContractError } from './holding/contractTrouble.js';
import type { IndexerOptions } from './indexerOptions.js';
import { Joiner } from './joining/joiner.js';
import { LiveIndex } from './joining/liveIndex.js';
import { runBooks } from './runBooks.js';

/**
 * Indexes one chain as its config wants it, until `toBlock` is committed or the signal aborts. Contracts
 * whose past is indexed without them, or otherwise, are booked next to the live books and then join
 * them (docs/changes.md). A run to a block ends when they have joined.
 *
 * @throws what `runBooks` throws, and the code of the first refusal of a config that cannot be applied
 */
export async function runIndexer(options: IndexerOptions): Promise<void> {
  const { joinApart: _, onJoining: __, ...books } = options;
  const joiner = new Joiner(options);
  try {
    for (;;) {
      const live = new LiveIndex();
      const held = await heldContractOf(
        runBooks({
          ...books,
          signal: AbortSignal.any([options.signal, live.signal]),
          onPlan: (plan, effective, db) => joiner.follow(plan, effective, { live, db }),
          onProgress: (progress) => {
            live.note(progress);
            options.onProgress(progress);
          },
        }).finally(() => live.noteEnd()),
      );
      if (options.signal.aborted) return;
      const outcome = await joiner.outcome();
      // Paused for books that joined, or that no longer do.
      if (outcome !== 'nothing' || live.signal.aborted) continue;
      if (held !== null) throw held;
      return;
    }
  } finally {
    await joiner.stop();
  }
}

/** The error of a run to a block for a held contract, whose others are indexed to the block. */
async function heldContractOf(running: Promise<void>): Promise<HeldContractError | null> {
  try {
    await running;
    return null;
  } catch (error) {
    if (error instanceof HeldContractError) return error;
    throw error;
  }
}
