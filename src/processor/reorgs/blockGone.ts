import { ImoError } from '../../errors.js';

const CODES = new Set(['RPC_REFUSED', 'RPC_BLOCK_MISSING']);

/** A block was replaced while it was being read: the runner looks for the new one. */
export class BlockGoneError extends Error {
  /** How the Subsquid runner recognises what it should try again. */
  readonly __sqd_data_consistency_error = true;

  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Whether the node may have refused because it no longer has the block. */
export function isGone(error: unknown): error is ImoError {
  return error instanceof ImoError && CODES.has(error.code);
}
