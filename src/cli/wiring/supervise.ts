import { setTimeout as delay } from 'node:timers/promises';

/** The pause doubles with each end in a row, up to a minute. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A process that ran so long was well: its next pause is the first one again. */
const WELL_AFTER_MS = 60_000;

export interface Supervised {
  readonly name: string;
  /** Runs it until it ends or the signal aborts. */
  run(): Promise<void>;
  readonly signal: AbortSignal;
  log(line: string): void;
  /** Milliseconds of a clock; for tests. */
  readonly now?: () => number;
  /** Waits; for tests. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Starts a process again whenever it ends, until the signal aborts. */
export async function supervise({
  name,
  run,
  signal,
  log,
  now = () => performance.now(),
  pause = sleep,
}: Supervised): Promise<void> {
  let nextPauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const startedAt = now();
    const reason = await run().then(
      () => `${name} ended`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (signal.aborted) return;
    if (now() - startedAt >= WELL_AFTER_MS) nextPauseMs = FIRST_PAUSE_MS;
    log(`[${name}] ${reason}; it starts again in ${nextPauseMs / 1_000} s`);
    await pause(nextPauseMs, signal);
    nextPauseMs = Math.min(nextPauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
