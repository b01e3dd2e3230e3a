import { setTimeout as delay } from 'node:timers/promises';
import { isPassingDatabaseFault, namedFault } from '../../store/database/databaseFault.js';

const PAUSE_MS = 500;

export interface DatabaseWait {
  /** How long, from now on. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Called once with what the command waits for. */
  readonly onWait: (line: string) => void;
}

/**
 * Does the first work with a database, again and again while the server is still starting or
 * somebody restarts it: where both are started together, ours may be the faster one.
 *
 * @throws what `work` throws, a fault of the database with its name: at once if waiting does not
 *   help, else when the time is over
 */
export async function whenDatabaseAnswers<T>(
  work: () => Promise<T>,
  { seconds, signal, onWait }: DatabaseWait,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      const isOver = signal.aborted || Date.now() >= deadline;
      if (isOver || !isPassingDatabaseFault(error)) throw namedFault(error);
      if (!isTold) onWait(`${error.message}; waiting for it, ${seconds} s at most`);
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
