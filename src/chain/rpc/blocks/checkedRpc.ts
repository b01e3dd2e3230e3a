import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { Block, DataRequest, Log } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest as Request } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import { type CallOptions, RpcError } from '@subsquid/rpc-client';
import { TRACE_TIMEOUT_SECONDS } from '../../../config/source/traceTimeout.js';
import { networkOf } from '../../networks.js';
import type { PooledClient } from '../connection/pooledClient.js';
import { accessFault } from '../endpoints/accessFault.js';
import { AnswerError, describeAnswer, subjectOf } from '../endpoints/answerFault.js';
import { tooLargeFault } from '../endpoints/answerLimit.js';
import { mayBeTooMuch } from '../endpoints/refusal.js';
import { doubtsOfTraces, faultOfLogs } from './blockChecks.js';
import { BlockTraces } from './blockTraces.js';
import { ConfirmedTrees } from './confirmedTree.js';
import { withFrames } from './listedTransactions.js';
import { logsByReceipts } from './receiptLogs.js';

export interface CheckOptions {
  readonly client: PooledClient;
  readonly onWarning: (line: string) => void;
  /** Some chains have transactions that no node traces; default: one of Ethereum's kind. */
  readonly chainId?: number;
  /** How long a node may trace a transaction; default 20 s. */
  readonly traceTimeoutSeconds?: number;
}

interface TracedRequest {
  readonly preferTraceApi?: boolean;
  /** What the processor asked for. */
  readonly dataRequest?: Request;
}

/** What of the library's class we replace: there is no public way. */
interface RpcInternals {
  readonly priority: number;
  call<T>(method: string, params?: unknown[], options?: CallOptions): Promise<T>;
  batchCall<T>(calls: { method: string; params?: unknown[] }[], options?: CallOptions): Promise<T>;
  validation: { readonly disableLogsBloomCheck?: boolean };
  addLogs(blocks: Block[]): Promise<void>;
  getLogs(from: number, to: number): Promise<Log[]>;
  getLogsByReceipts(height: number): Promise<Log[]>;
  addTraceBlockTraces(blocks: Block[]): Promise<void>;
  addDebugFrames(blocks: Block[]): Promise<void>;
  addRequestedData(blocks: Block[], request: DataRequest, finalized?: number): Promise<void>;
}

/** What the checks of one source share, whatever its priority. */
interface Checks extends CheckOptions {
  readonly traces: BlockTraces;
  readonly trees: ConfirmedTrees;
}

/**
 * Makes the processor's RPC access check what nodes answer: the logs of a block against its
 * bloom filter and, in doubt, its receipts; the call frames against its transactions and
 * against each other. What does not agree is a block that is not there yet.
 */
export function withChecks(rpc: Rpc, options: CheckOptions): Rpc {
  const { client, traceTimeoutSeconds = TRACE_TIMEOUT_SECONDS } = options;
  return withAll(rpc, {
    ...options,
    traces: new BlockTraces(client, traceTimeoutSeconds),
    trees: new ConfirmedTrees(client),
  });
}

function withAll(rpc: Rpc, checks: Checks): Rpc {
  const internals = rpc as unknown as RpcInternals;
  const { withPriority, getColdSplit } = rpc;
  const { addRequestedData, call, batchCall, validation, priority } = internals;
  internals.call = <T>(method: string, params?: unknown[], options?: CallOptions) =>
    call
      .call(
        rpc,
        method,
        params,
        method === 'eth_getLogs' ? { ...options, validateResult: assertBlocksOfLogs } : options,
      )
      .catch((error: unknown) => {
        throw explained(error, checks.client);
      }) as Promise<T>;
  internals.batchCall = <T>(
    calls: { method: string; params?: unknown[] }[],
    options?: CallOptions,
  ) =>
    batchCall.call(rpc, calls, options).catch((error: unknown) => {
      throw explained(error, checks.client);
    }) as Promise<T>;
  // Our check of logs reports more. The library marks the block as invalid before it has read
  // the traces, which it then drops: if the logs came first, good traces would be missed too.
  internals.validation = { ...validation, disableLogsBloomCheck: true };
  internals.getLogs = (from, to) => logsOf(internals, from, to);
  internals.addLogs = async (blocks) => {
    const [first, last] = [blocks[0], blocks.at(-1)];
    if (first === undefined || last === undefined) return;
    giveLogs(blocks, await internals.getLogs(first.height, last.height));
  };
  internals.addRequestedData = async (blocks, request, finalized) => {
    const wanted = (request as TracedRequest).dataRequest ?? {};
    internals.addTraceBlockTraces = (some) => checks.traces.addTraces(some, wanted, priority);
    internals.addDebugFrames = (some) => checks.traces.addCalls(some, wanted, priority);
    await addRequestedData.call(rpc, blocks, request, finalized);
    for (const block of blocks) await check(block, request, checks);
  };
  rpc.withPriority = (next) => {
    // With the flags as they were: the library warns of each that is set.
    const unchanged: Rpc = Object.assign(Object.create(rpc), { validation });
    return withAll(withPriority.call(unchanged, next), checks);
  };
  rpc.getColdSplit = async (request) => {
    const blocks = await getColdSplit.call(rpc, request);
    assertLinked(blocks);
    return blocks;
  };
  return rpc;
}

/**
 * The logs of a range. The pool of endpoints asks for smaller parts by itself; where even one block
 * has more logs than an endpoint answers, they are taken from its receipts.
 */
async function logsOf(rpc: RpcInternals, from: number, to: number): Promise<Log[]> {
  const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
  try {
    return await rpc.call<Log[]>('eth_getLogs', [range], { validateError: noneAfterHead });
  } catch (error) {
    const isTooMuch = error instanceof RpcError && mayBeTooMuch(error);
    if (!isTooMuch) throw error;
    if (from === to) return rpc.getLogsByReceipts(from);
    const middle = Math.floor((from + to) / 2);
    return [...(await logsOf(rpc, from, middle)), ...(await logsOf(rpc, middle + 1, to))];
  }
}

/** Gives each block its logs. Neighbours are mostly of one block: its hash is looked up once. */
function giveLogs(blocks: readonly Block[], logs: readonly Log[]): void {
  const byHash = new Map<string, Log[]>(blocks.map(({ hash }) => [hash, []]));
  let hash = '';
  let group: Log[] | undefined;
  for (const log of logs) {
    if (log.blockHash !== hash) {
      hash = log.blockHash;
      group = byHash.get(hash);
    }
    group?.push(log);
  }
  for (const block of blocks) block.logs = byHash.get(block.hash) ?? [];
}

/** Avalanche answers with an error where others answer with no logs. */
function noneAfterHead(error: ConstructorParameters<typeof RpcError>[0]): Log[] {
  if (error.message.includes('after last accepted block')) return [];
  throw new RpcError(error);
}

/** The error with what was asked, and of whom, in its message. */
function explained(error: unknown, client: PooledClient): unknown {
  if (!(error instanceof Error) || error instanceof AnswerError) return error;
  if (!('rpcMethod' in error) || typeof error.rpcMethod !== 'string') return error;
  const { rpcMethod } = error;
  const endpoint = client.endpointOf(rpcMethod);
  const fault =
    tooLargeFault(error, endpoint, rpcMethod) ?? accessFault(error, rpcMethod, endpoint);
  if (fault !== null) return fault;
  if (error.message.startsWith(rpcMethod)) return error;
  const params = 'rpcParams' in error && Array.isArray(error.rpcParams) ? error.rpcParams : [];
  const method = subjectOf(rpcMethod, params);
  error.message = describeAnswer({ method, endpoint: client.endpointOf(rpcMethod) }, error.message);
  return error;
}

/**
 * Only the fields that distinguish the logs of two blocks. The check of the logs reads the other
 * fields, once; the library reads each log twice.
 */
function assertBlocksOfLogs(answer: unknown): unknown {
  if (Array.isArray(answer) && answer.every(hasBlock)) return answer;
  throw new NoLogsError('the answer is not a list of logs');
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

async function check(block: Block, request: DataRequest, checks: Checks): Promise<void> {
  if (request.logs) await checkLogs(block, checks);
  if (request.traces) await checkTraces(block, request, checks);
}

async function checkLogs(block: Block, { client, onWarning, chainId = 1 }: Checks): Promise<void> {
  const network = networkOf(chainId);
  const fault = faultOfLogs(block, network);
  if (fault === null) return;
  const endpoint = client.endpointOf('eth_getLogs');
  client.distrust('eth_getLogs');
  const found = await logsByReceipts(client, block, network);
  if (found === null) {
    return refuse(block, describeAnswer({ method: 'eth_getLogs', endpoint, block }, fault));
  }
  const doubt = found.isProven ? '' : ', whose root could not be computed';
  onWarning(
    `block ${block.height}: ${fault} (${endpoint}); its logs were taken from the receipts${doubt}`,
  );
  block.logs = found.logs;
}

async function checkTraces(block: Block, request: DataRequest, checks: Checks): Promise<void> {
  const fault = await faultOfTraces(block, request, checks);
  if (fault !== null) refuse(block, fault);
}

/**
 * Why the call frames of a block cannot be those of all its transactions; `null` if nothing speaks
 * against them. The endpoint that sent them is asked after others then.
 */
export async function faultOfTraces(
  block: Block,
  request: Pick<DataRequest, 'preferTraceApi'>,
  checks: Pick<CheckOptions, 'client' | 'chainId'> & { readonly trees: ConfirmedTrees },
): Promise<string | null> {
  const { client, chainId = 1 } = checks;
  const method = request.preferTraceApi ? 'trace_block' : 'debug_traceBlockByHash';
  const endpoint = client.endpointOf(method);
  const { missing, torn, miscounted } = doubtsOfTraces(block);
  const [untraced] = await withFrames(client, chainId, block, missing);
  const [cut] = [...torn, ...(await checks.trees.unconfirmed(block, miscounted))];
  const transactionHash = untraced ?? cut;
  if (transactionHash === undefined) return null;
  client.distrust(method);
  const fault = untraced === undefined ? 'call frames are missing' : 'there are no call frames';
  return describeAnswer({ method, endpoint, block, transactionHash }, fault);
}

function refuse(block: Block, fault: string): void {
  block._isInvalid = true;
  block._errorMessage = fault;
}
