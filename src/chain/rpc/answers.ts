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
const TOO_MUCH = /query returned more than|response is too big|try with this block range/i;

/** Whether another node may know better: an error, or no such block. */
export function isDoubtful({ method }: RpcCall, { error, result }: RpcAnswer): boolean {
  if (error === undefined || error === null) {
    return (result === null || result === undefined) && BLOCK_METHODS.has(method);
  }
  if (method === 'eth_call' && REVERTED.test(error.message)) return false;
  return !TOO_MUCH.test(error.message);
}

/** The node does not have the method at all. */
export function isUnknownMethod(error: { code: number; message: string }): boolean {
  return (
    error.code === -32601 ||
    /method.*(not|n't|un).*(found|available|support|exist|allowed|enabled)|unknown method|not whitelisted/i.test(
      error.message,
    )
  );
}

/** The node wants fewer requests, and says so inside a good HTTP answer. */
export function isRateLimit(error: { code: number; message: string }): boolean {
  return error.code === 429 || error.code === -32005 || /rate limit|too many/i.test(error.message);
}
