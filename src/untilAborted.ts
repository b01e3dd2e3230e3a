import { setMaxListeners } from 'node:events';

/**
 * Waits for work until the signal aborts. What the work comes to after that is ignored.
 *
 * @throws the reason of the signal, an `AbortError`
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // As many as wait at once may listen.
  setMaxListeners(0, signal);
  // Nobody may wait for it any more when it fails.
  work.catch(() => undefined);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Calls `end` some time after the signal aborts: what is under way may finish first.
 *
 * @returns a function that forgets the call
 */
export function afterAbort(signal: AbortSignal, milliseconds: number, end: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer = setTimeout(end, milliseconds);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return () => {
    signal.removeEventListener('abort', start);
    clearTimeout(timer);
  };
}
