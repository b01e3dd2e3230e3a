import { setTimeout as delay } from 'node:timers/promises';

/**
 * Pauses between attempts, in milliseconds; the last one repeats. They are for wrong answers, where
 * the next answer may be right. Endpoints that fail have their own rest.
 */
const PAUSES_MS = [100, 250, 500, 1_000, 2_000];
/** Failed attempts before the first warning: one bad answer is common. */
const SILENT_ATTEMPTS = 2;

/** How long something has been tried. */
export interface Wait {
  /** It is time to tell somebody. */
  readonly isLong: boolean;
  /** The first attempt began. */
  readonly since: Date;
}

export interface PatienceOptions {
  readonly signal: AbortSignal;
  /** Called before each new attempt. */
  readonly onFailure: (error: Error, wait: Wait) => void;
  /** Errors that no new attempt can help. */
  readonly isHopeless: (error: unknown) => boolean;
}

/** Tries again and again, ever more slowly, until it works or nobody wants it any more. */
export async function patiently<T>(work: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const since = new Date();
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isOver = options.signal.aborted || !(error instanceof Error);
      if (isOver || options.isHopeless(error)) throw error;
      options.onFailure(error, { isLong: attempt >= SILENT_ATTEMPTS, since });
      const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0;
      await delay(pause, undefined, { signal: options.signal });
    }
  }
}
