import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import type { BlockHeader, ChainNode } from './node.js';

/** How a chain's call frames can be had. */
export interface TraceSupport {
  /** `trace_block`: much faster than the debug method where a node has it. */
  readonly traceBlock: boolean;
  /** `debug_traceBlockByHash` with `callTracer`: also tells where logs stand. */
  readonly debugTrace: boolean;
}

/**
 * Makes sure that the endpoint is the configured chain and can bring call frames.
 *
 * @throws ImoError `RPC_UNREACHABLE`, `CHAIN_ID_MISMATCH`, `RPC_NO_TRACES` or those of `accessFault`.
 */
export async function checkEndpoint(
  node: ChainNode,
  chain: Pick<ChainConfig, 'id'>,
): Promise<TraceSupport> {
  return traceSupport(node, await checkChain(node, chain));
}

/**
 * Makes sure that the endpoint is the configured chain.
 *
 * @returns the newest block that it has
 * @throws ImoError `RPC_UNREACHABLE`, `CHAIN_ID_MISMATCH` or those of `accessFault`.
 */
export async function checkChain(
  node: ChainNode,
  chain: Pick<ChainConfig, 'id'>,
): Promise<BlockHeader> {
  const latest = node.blockHeader('latest');
  // Another chain is what to say first, whatever else is wrong.
  latest.catch(() => undefined);
  const chainId = await node.chainId();
  if (chainId !== chain.id) {
    throw new ImoError(
      'CHAIN_ID_MISMATCH',
      `${node.displayUrl} serves chain ${chainId}, the config says ${chain.id}`,
      'Correct `id` or `rpc` of this chain in the config.',
    );
  }
  return latest;
}

/**
 * Finds out how the endpoint can bring call frames.
 *
 * @param head the newest block that it has
 * @throws ImoError `RPC_UNREACHABLE`, `RPC_NO_TRACES` or those of `accessFault`.
 */
export async function traceSupport(node: ChainNode, head: BlockHeader): Promise<TraceSupport> {
  const [traceBlock, debugTrace] = await Promise.all([
    node.serves('trace_block', [`0x${head.number.toString(16)}`]),
    node.serves('debug_traceBlockByHash', [head.hash, { tracer: 'callTracer' }]),
  ]);
  if (!traceBlock && !debugTrace) {
    if (node.planFault !== null) throw node.planFault;
    throw new ImoError(
      'RPC_NO_TRACES',
      `${node.displayUrl} serves neither trace_block nor debug_traceBlockByHash`,
      'Claims, receipts and redemptions do not appear in logs. Use an endpoint with one of the two ' +
        'methods (an archive node of Erigon, Nethermind, Reth or Geth, or a provider plan with traces).',
    );
  }
  return { traceBlock, debugTrace };
}
