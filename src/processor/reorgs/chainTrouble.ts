import { ImoError } from '../../errors.js';

const CODES = new Set(['CHAIN_TREE_DIFFERS', 'CHAIN_ID_MISMATCH', 'CHAIN_FEED_MOVED']);
const NAMES = new Set(['RpcError', 'RpcConnectionError', 'RpcProtocolError', 'AssertionError']);

/** A fork that begins below the finalised block: the runner cannot follow it. */
export class DeepReorgError extends Error {
  override readonly name = 'DeepReorgError';
}

/**
 * Whether an error comes from what a node answered, or failed to: the same question may be
 * answered rightly later. Anything else, our books above all, is not mended by asking again.
 */
export function isChainTrouble(error: unknown): error is Error {
  if (error instanceof ImoError) {
    return error.code.startsWith('RPC_') || CODES.has(error.code);
  }
  if (!(error instanceof Error)) return false;
  return (
    NAMES.has(error.name) ||
    '__sqd_data_consistency_error' in error ||
    // The Subsquid libraries add these to errors about an answer.
    'rpcMethod' in error ||
    'blockHeight' in error ||
    'httpRequestId' in error ||
    'response' in error ||
    /already indexed block|was not found on chain|is not known to/.test(error.message)
  );
}
