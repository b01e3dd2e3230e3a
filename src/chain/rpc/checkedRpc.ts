import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { Block, DataRequest } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { CallOptions } from '@subsquid/rpc-client';
import { faultOfLogs, faultOfTraces } from './blockChecks.js';
import type { PooledClient } from './pooledClient.js';
import { logsByReceipts } from './receiptLogs.js';

export interface CheckOptions {
  readonly client: PooledClient;
  readonly onWarning: (line: string) => void;
}

/** What of the library's class we replace: there is no public way. */
interface RpcInternals {
  call<T>(method: string, params?: unknown[], options?: CallOptions): Promise<T>;
  validation: { readonly disableLogsBloomCheck?: boolean };
  addRequestedData(blocks: Block[], request: DataRequest, finalized?: number): Promise<void>;
}

/**
 * Makes the processor's RPC access check what nodes answer: the logs of a block against its
 * bloom filter and, in doubt, its receipts; the call frames against its transactions and
 * against each other. What does not agree is a block that is not there yet.
 */
export function withChecks(rpc: Rpc, options: CheckOptions): Rpc {
  const internals = rpc as unknown as RpcInternals;
  const { withPriority, getColdSplit } = rpc;
  const { addRequestedData, call, validation } = internals;
  internals.call = (method, params, options) =>
    call.call(
      rpc,
      method,
      params,
      method === 'eth_getLogs' ? { ...options, validateResult: assertBlocksOfLogs } : options,
    ) as Promise<never>;
  // Our check of logs says more. The library's marks the block as invalid before it has looked at
  // the traces, which it then drops: if the logs came first, good traces would be missed too.
  internals.validation = { ...validation, disableLogsBloomCheck: true };
  internals.addRequestedData = async (blocks, request, finalized) => {
    await addRequestedData.call(rpc, blocks, request, finalized);
    for (const block of blocks) await check(block, request, options);
  };
  rpc.withPriority = (priority) => {
    // With the flags as they were: the library warns of each that is set.
    const unchanged: Rpc = Object.assign(Object.create(rpc), { validation });
    return withChecks(withPriority.call(unchanged, priority), options);
  };
  rpc.getColdSplit = async (request) => {
    const blocks = await getColdSplit.call(rpc, request);
    assertLinked(blocks);
    return blocks;
  };
  return rpc;
}

/**
 * As much as it takes to tell the logs of one block from those of another. The rest is looked at
 * once, when they are checked, where the library looks at each log twice.
 */
function assertBlocksOfLogs(answer: unknown): unknown {
  if (Array.isArray(answer) && answer.every(hasBlock)) return answer;
  throw new NoLogsError('eth_getLogs answered with something that is no list of logs');
}

class NoLogsError extends Error {
  readonly rpcMethod = 'eth_getLogs';
}

function hasBlock(log: unknown): boolean {
  return (
    typeof log === 'object' &&
    log !== null &&
    'blockHash' in log &&
    typeof log.blockHash === 'string'
  );
}

/** A block is not the child of the one before it. */
class UnlinkedError extends Error {
  readonly rpcMethod = 'eth_getBlockByNumber';
}

function assertLinked(blocks: readonly Block[]): void {
  blocks.forEach(({ height, block }, index) => {
    const before = blocks[index - 1];
    if (before === undefined || before.hash === block.parentHash) return;
    throw new UnlinkedError(`block ${height} does not follow block ${before.height} of that node`);
  });
}

async function check(block: Block, request: DataRequest, options: CheckOptions): Promise<void> {
  const { client, onWarning } = options;
  const logFault = request.logs ? faultOfLogs(block) : null;
  if (logFault !== null) {
    client.distrust('eth_getLogs');
    const found = await logsByReceipts(client, block);
    if (found === null) return refuse(block, logFault);
    const doubt = found.isProven ? '' : ', whose root could not be computed';
    onWarning(`block ${block.height}: ${logFault}; its logs were taken from the receipts${doubt}`);
    block.logs = found.logs;
  }
  const traceFault = request.traces ? faultOfTraces(block) : null;
  if (traceFault === null) return;
  client.distrust(request.preferTraceApi ? 'trace_block' : 'debug_traceBlockByHash');
  refuse(block, traceFault);
}

function refuse(block: Block, fault: string): void {
  block._isInvalid = true;
  block._errorMessage = fault;
}
