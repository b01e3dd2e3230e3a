import type { BlockData, EvmBatchProcessor } from '@subsquid/evm-processor';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import {
  type DataSource,
  Runner,
  type RunnerConfig,
} from '@subsquid/util-internal-processor-tools';
import type { KnownBalances } from '../../../chain/knownBalances.js';
import type { FIELDS, SourceBlock } from '../../../chain/reading/source.js';
import { type CheckOptions, withChecks } from '../../../chain/rpc/blocks/checkedRpc.js';
import { NewHeads } from '../../../chain/rpc/connection/newHeads.js';
import type { PooledClient } from '../../../chain/rpc/connection/pooledClient.js';
import { patiently } from '../../../chain/rpc/endpoints/patience.js';
import type { BlockRange } from '../../../chain/rpc/endpoints/rangeLimit.js';
import type { ChainCache } from '../../../chain/source/cache/openCache.js';
import type { Covered } from '../../../chain/source/dataSource.js';
import { eachBlock, type ReadPart } from '../../../chain/source/eachBlock.js';
import type { Finder } from '../../../chain/source/finders/finder.js';
import type { MappedBlock } from '../../../chain/source/mappedBlock.js';
import { prepareBlocks } from '../../../chain/source/preparedBlocks.js';
import type { Watched } from '../../../chain/source/proofs/stateReads.js';
import type { ReadingThreads } from '../../../chain/source/threads/readingThreads.js';
import type { SourceConfig } from '../../../config/source/source.js';
import type { BookingTarget } from '../../desks/desk.js';
import { isChainTrouble } from '../../reorgs/chainTrouble.js';
import { followHead } from '../../reorgs/followHead.js';
import type { ForkWatch } from '../../reorgs/forkWatch.js';
import { HeadPace } from '../../reorgs/headPace.js';
import type { EndpointAbilities } from '../endpointAbilities.js';
import { openFinalSource } from '../finalSource.js';
import type { HotDatabase } from './squid.js';

export interface RunnerOptions {
  readonly processor: EvmBatchProcessor<typeof FIELDS>;
  readonly client: PooledClient;
  /** What the endpoints serve. */
  readonly abilities: EndpointAbilities;
  /** Read blocks one by one where there are cores. */
  readonly threads: ReadingThreads;
  readonly database: HotDatabase<BookingTarget>;
  readonly watch: ForkWatch;
  readonly pollMs: number;
  /** `pollMs` is the longest time between two questions for the head; the pace of the chain decides. */
  readonly pollAdapts: boolean;
  /** The newest final block as of the start, seconds ago. */
  readonly finalAtStart: number;
  /** How final blocks are found and read. */
  readonly source: SourceConfig;
  /** Takes the balances that were read with states. */
  readonly knownBalances: KnownBalances;
  /** Blocks up to here are read one by one. */
  readonly readEachTo: number;
  /** Called with each part of the chain before the processor gets it. */
  readonly onCovered: (part: Covered) => void;
  /** Called with final blocks when they are read, long before they are handed over. */
  readonly onRead: (blocks: readonly SourceBlock[]) => void;
  /** Units of assets that contracts hold: they may change without the contract. */
  readonly watchedAssets: () => readonly Watched[];
  /** Finders that need no node, the best first. */
  readonly services: readonly Finder[];
  /** What is kept of final blocks; `null`: nothing. */
  readonly cache: ChainCache | null;
  /** What the answers of nodes are compared with. */
  readonly checks: Pick<CheckOptions, 'chainId' | 'traceTimeoutSeconds'>;
  readonly handle: (store: BookingTarget, blocks: readonly SourceBlock[]) => Promise<void>;
  readonly onWarning: (line: string) => void;
  /** The run is over: nothing is asked of the chain any more. */
  readonly signal: AbortSignal;
}

/** How long the height of the newest final block is used where the pace of the chain is not known. */
const REMEMBERED_MS = 500;
/** Parts of the chain that are read at the same time, and those that wait to be booked together. */
const PARTS_AHEAD = { working: 5, waiting: 8 };

type Config = RunnerConfig<unknown, BookingTarget>;
type HotSource = NonNullable<Config['hotDataSource']>;

/** What the processor keeps to itself. `run()` ends the process; its runner does not. */
interface ProcessorInternals {
  finalityConfirmation?: number;
  getChainRpcClient(): PooledClient;
  getHotDataSource(): SourceInternals;
  getBatchRequests(): Config['requests'];
  getPrometheusServer(): Config['prometheus'];
  getLogger(): Config['log'];
}

interface SourceInternals extends HotSource {
  rpc: Rpc;
  toMappingRequest(request: DataRequest): MappingRequest;
  polling(
    navigate: (head: { height: number; hash?: string }) => Promise<void>,
    isEnd: () => boolean,
  ): Promise<void>;
}

/**
 * Runs the processor until it has failed or come to its end, with our client, our checks of
 * what nodes answer and our way of following the head.
 *
 * @throws DeepReorgError, and whatever the libraries throw.
 */
export async function runSquid(options: RunnerOptions): Promise<void> {
  const { client, database, handle } = options;
  const internals = options.processor as unknown as ProcessorInternals;
  internals.getChainRpcClient = () => client;
  const source = internals.getHotDataSource();
  adjust(source, options);
  await new Runner<unknown, BookingTarget>({
    database,
    requests: internals.getBatchRequests(),
    archive: archiveOf(source, options),
    hotDataSource: source,
    allBlocksAreFinal: internals.finalityConfirmation === 0,
    prometheus: internals.getPrometheusServer(),
    log: internals.getLogger(),
    // Its data source makes blocks of the fields that were asked for.
    process: (store, { blocks }) => handle(store, blocks as unknown as BlockData<typeof FIELDS>[]),
  }).run();
}

/** Where final blocks come from; the head, and what is left below it, is read block by block. */
function archiveOf(
  source: SourceInternals,
  options: RunnerOptions,
): NonNullable<Config['archive']> {
  const { client, checks, onWarning, signal } = options;
  return openFinalSource({
    client,
    abilities: options.abilities,
    chainId: checks.chainId ?? 1,
    traceTimeoutSeconds: checks.traceTimeoutSeconds,
    config: options.source,
    services: options.services,
    cache: options.cache,
    // What the library gives is what it makes of blocks.
    perBlock: source as unknown as DataSource<MappedBlock, DataRequest>,
    rpc: source.rpc,
    toMappingRequest: (request) => source.toMappingRequest(request),
    patiently: (work) => withPatience(work, options),
    readEachTo: options.readEachTo,
    assets: options.watchedAssets,
    knownBalances: options.knownBalances,
    onRead: (blocks) => options.onRead(asRequested(blocks)),
    onCovered: options.onCovered,
    onWarning,
    signal,
  }) as unknown as NonNullable<Config['archive']>;
}

function withPatience<T>(work: () => Promise<T>, options: RunnerOptions): Promise<T> {
  const { client, onWarning, signal } = options;
  return patiently(work, {
    signal,
    isHopeless: (error) => !isChainTrouble(error),
    onFailure: (error, { isLong, since }) => {
      if ('rpcMethod' in error) client.distrust(String(error.rpcMethod));
      if (isLong) onWarning(`${error.message}; asking again since ${since.toISOString()}`);
    },
  });
}

function adjust(source: SourceInternals, options: RunnerOptions): void {
  const { client, watch, pollMs, pollAdapts, onWarning, signal, cache } = options;
  withChecks(source.rpc, { client, onWarning, ...options.checks });
  if (cache !== null) keepYoung(source.rpc, cache);
  const rememberedMs = pollAdapts ? Math.min(pollMs, REMEMBERED_MS) : pollMs;
  const getFinalizedHeight = rememberedFor(
    rememberedMs,
    source.getFinalizedHeight.bind(source),
    Math.max(options.finalAtStart, 0),
  );
  // The libraries keep asking for the height of a run that has ended.
  source.getFinalizedHeight = () =>
    signal.aborted ? new Promise(() => undefined) : getFinalizedHeight();
  source.getFinalizedBlocks = (requests, stopOnHead = false) =>
    eachBlock(
      {
        finalizedHeight: () => source.getFinalizedHeight(),
        readPart: async (range, request) => {
          const part = await withPatience(
            () => readPart(source.rpc, range, source.toMappingRequest(request), options),
            options,
          );
          options.onRead(asRequested(part.blocks));
          return part;
        },
        ahead: PARTS_AHEAD,
        pollMs,
        signal,
      },
      requests as unknown as Parameters<typeof eachBlock>[1],
      stopOnHead,
    );
  source.polling = (navigate, isEnd) =>
    followHead({
      watch,
      headNumber: () => getHeight(source.rpc),
      navigate,
      isEnd,
      pollMs,
      pace: pollAdapts ? new HeadPace(pollMs) : null,
      newHeads: pollAdapts
        ? NewHeads.listen({ endpoints: client.endpoints, onWarning, signal })
        : null,
      onWarning,
      signal,
    });
}

/** The source makes blocks of the fields that were asked for. */
function asRequested(blocks: readonly MappedBlock[]): readonly SourceBlock[] {
  return blocks as unknown as readonly SourceBlock[];
}

async function readPart(
  rpc: Rpc,
  range: BlockRange,
  request: MappingRequest,
  { cache, threads }: Pick<RunnerOptions, 'cache' | 'threads'>,
): Promise<ReadPart> {
  const keeps = cache !== null;
  const ask = (part: BlockRange) =>
    threads.read({ range: part, request, keeps }, (whole) => prepareBlocks(rpc, whole));
  const blocks = await (cache?.blocks.read(range, request, ask) ?? ask(range));
  const items = blocks.reduce((sum, block) => sum + block.items, 0);
  return { blocks: blocks.map(({ mapped }) => mapped), items };
}

/** Several parts of a start want the same answer one after the other: one question is enough. */
function rememberedFor(
  ageMs: number,
  ask: () => Promise<number>,
  answered: number,
): () => Promise<number> {
  let answer = answered;
  let askedAt = performance.now();
  return async () => {
    if (performance.now() - askedAt < ageMs) return answer;
    answer = await ask();
    askedAt = performance.now();
    return answer;
  };
}

/** Blocks at the head are kept too: they are final when a contract is read again from one of them on. */
function keepYoung(rpc: Rpc, { blocks }: ChainCache): void {
  const getHotSplit = rpc.getHotSplit.bind(rpc);
  rpc.getHotSplit = async (split) => {
    const read = await getHotSplit(split);
    for (const block of read)
      if (!block._isInvalid) blocks.keep(block, split.request as MappingRequest);
    return read;
  };
}

function getHeight(rpc: Rpc): Promise<number> {
  return rpc.getHeight();
}
