import { isSameState, type StateReads, type Watched } from './stateReads.js';

/** Blocks after `low`, up to and including `high`, between which a state is to be the same. */
export interface Gap {
  readonly watched: Watched;
  readonly low: number;
  readonly high: number;
}

/** A block at whose end something is not as it was before it. */
export interface StateChange {
  readonly watched: Watched;
  readonly block: number;
}

/** Gaps that are bisected at once; where more differ, to read each block costs less. */
const GAPS_AT_MOST = 512;

/** So many blocks change a contract that bisection does not pay. */
export class ManyChangesError extends Error {
  override readonly name = 'ManyChangesError';

  /** @param to the last examined block */
  constructor(readonly to: number) {
    super(`contracts change in hundreds of blocks up to ${to}`);
  }
}

/**
 * Finds the blocks in which something changed inside of gaps, by bisection of all of them at once.
 * A change that is undone within a gap leaves no trace in it.
 *
 * @returns `null` if the nodes do not serve the states
 * @throws ManyChangesError
 */
export async function changesIn(
  states: Pick<StateReads, 'read'>,
  gaps: readonly Gap[],
): Promise<StateChange[] | null> {
  const changes: StateChange[] = [];
  let open = gaps.filter(({ low, high }) => low < high);
  while (open.length > 0) {
    const questions = open.flatMap(({ watched, low, high }) => [
      { watched, block: low },
      { watched, block: high },
    ]);
    const answers = await states.read(questions);
    if (answers === null) return null;
    const next: Gap[] = [];
    for (const [index, { watched, low, high }] of open.entries()) {
      const [before, after] = [answers[2 * index], answers[2 * index + 1]];
      if (before === undefined || after === undefined || isSameState(before, after)) continue;
      if (high - low === 1) {
        changes.push({ watched, block: high });
        continue;
      }
      const middle = Math.floor((low + high) / 2);
      next.push({ watched, low, high: middle }, { watched, low: middle, high });
    }
    if (next.length > GAPS_AT_MOST) throw new ManyChangesError(lastOf(gaps));
    open = next;
  }
  return changes;
}

function lastOf(gaps: readonly Gap[]): number {
  return gaps.reduce((last, { high }) => Math.max(last, high), 0);
}
