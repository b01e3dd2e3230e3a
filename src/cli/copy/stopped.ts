import { ImoError } from '../../errors.js';

/** The error of a copy that a signal ended; any other error as it is. */
export function stoppedBy(signal: AbortSignal, error: unknown): unknown {
  if (!signal.aborted) return error;
  return new ImoError(
    'COPY_STOPPED',
    'the copy was stopped before it was complete',
    'Nothing is changed. Run the command again.',
    { cause: error },
  );
}
