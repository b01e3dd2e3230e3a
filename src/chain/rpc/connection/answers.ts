/** A JSON-RPC call as it goes over the wire. */
export interface RpcCall {
  readonly method: string;
  readonly params?: unknown[];
}

/** What came back for it. */
export interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Methods that a node answers with `null` while it does not have the block. */
const BLOCK_METHODS = new Set([
  'eth_getBlockByNumber',
  'eth_getBlockByHash',
  'eth_getTransactionReceipt',
  'trace_block',
  'debug_traceBlockByHash',
]);

const REVERTED = /revert|invalid opcode|out of gas|stack|execution/i;

/** Whether another node may know better: an error, or no such block. */
export function isDoubtful({ method }: RpcCall, { error, result }: RpcAnswer): boolean {
  if (error === undefined || error === null) {
    return (result === null || result === undefined) && BLOCK_METHODS.has(method);
  }
  if (method === 'eth_call' && REVERTED.test(error.message)) return false;
  return true;
}

export interface WireCall extends RpcCall {
  readonly id: number;
  readonly jsonrpc: '2.0';
  readonly method: string;
}
