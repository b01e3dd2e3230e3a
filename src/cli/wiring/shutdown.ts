/** What still waits for a node or a database so long after a signal is given up. */
const END_WITHIN_MS = 10_000;

/**
 * Turns the first SIGINT or SIGTERM into an abort, for a clean end; a second one ends the
 * process at once. Our child process also ends cleanly when its parent is gone.
 *
 * @param isPatient the verb has a time limit of its own for its end; else the process ends 10 s
 *   after the signal
 */
export function shutdownSignal({ isPatient = false } = {}): AbortSignal {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    const exit = () => process.exit(signal === 'SIGINT' ? 130 : 143);
    if (controller.signal.aborted) exit();
    controller.abort();
    if (!isPatient) setTimeout(exit, END_WITHIN_MS).unref();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.once('disconnect', () => controller.abort());
  return controller.signal;
}

/** What work comes to; `null` when the signal aborts first, however long the work still takes. */
export async function untilSignal<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  return Promise.race([work, aborted(signal).then(() => null)]);
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
