import type { GeneratedChain } from '../chain/chain.js';

/** Transactions that a node runs again for the answer to a call. */
export function tracedTransactions(
  chain: GeneratedChain,
  { method, params }: { readonly method: string; readonly params: readonly unknown[] },
): number {
  switch (method) {
    case 'debug_traceTransaction':
      return 1;
    case 'debug_traceBlockByHash': {
      const height = chain.heightOf(String(params[0]));
      return height === null ? 0 : chain.block(height).transactions.length;
    }
    default:
      return 0;
  }
}
