import { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { DataSource } from '@subsquid/util-internal-processor-tools';
import { ChainNode } from '../chain/node.js';
import { FIELDS } from '../chain/reading/source.js';
import { withChecks } from '../chain/rpc/blocks/checkedRpc.js';
import type { AnswerStore } from '../chain/rpc/connection/answerStore.js';
import type { RpcAnswer, RpcCall } from '../chain/rpc/connection/answers.js';
import { PoolConnection } from '../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../chain/rpc/connection/pooledClient.js';
import type { BlockRange } from '../chain/rpc/endpoints/rangeLimit.js';
import type { MappedBlock } from '../chain/source/mappedBlock.js';
import { sqdFinders } from '../chain/source/portal/sqdFinders.js';
import { checkEndpoint } from '../chain/sourceCheck.js';
import { FINDER_KINDS } from '../config/source/finderKinds.js';
import type { ChainConfig } from '../config/types.js';
import {
  type FactoryForecast,
  type Foreseen,
  foreseeCreations,
} from './factories/foreseeCreations.js';
import { openFinalSource } from './run/finalSource.js';
import {
  type ConfiguredContracts,
  configuredContracts,
  firstBlockOf,
  requestConfigured,
} from './sampledContracts.js';

/** What reading some blocks took. */
export interface Sample {
  /** All that there is to read. */
  readonly range: BlockRange;
  readonly blocks: number;
  readonly hits: number;
  readonly calls: ReadonlyMap<string, number>;
  /** Of answers, as JSON. */
  readonly bytes: number;
  readonly seconds: number;
  /** Ways in which blocks were found. */
  readonly finders: readonly string[];
  /** What factories created, as far as it is known; their contracts are part of the sample. */
  readonly factories: readonly FactoryForecast[];
}

export interface SampleOptions {
  readonly blocks: number;
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Parts of the range that are read: activity differs over time. */
const WINDOWS = 4;

type BlockSource = DataSource<MappedBlock, DataRequest>;

interface Internals {
  getChainRpcClient(): PooledClient;
  getHotDataSource(): BlockSource & {
    readonly rpc: Rpc;
    toMappingRequest(request: DataRequest): MappingRequest;
  };
  getBatchRequests(): Parameters<BlockSource['getFinalizedBlocks']>[0];
}

/** Counts what goes to the endpoints; keeps nothing. */
class CallCounter implements AnswerStore {
  readonly calls = new Map<string, number>();
  bytes = 0;

  get(): Promise<null> {
    return Promise.resolve(null);
  }

  put({ method }: RpcCall, answer: RpcAnswer): void {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    this.bytes += JSON.stringify(answer).length;
  }

  distrust(): void {}

  distrustBlocks(): void {}
}

/**
 * Reads some final blocks of all contracts of a chain as `index` would, with all proofs, and without
 * books.
 *
 * @throws ImoError with the codes of `checkSource` and `configuredContracts`
 */
export async function measureSample(chain: ChainConfig, options: SampleOptions): Promise<Sample> {
  const pool = new PoolConnection({
    urls: [chain.rpcUrl, ...chain.fallbackRpcUrls],
    chainId: chain.id,
  });
  const client = new PooledClient(pool, {
    capacity: 10,
    requestTimeoutMs: (chain.rpcTimeoutSeconds ?? 30) * 1000,
    retryAttempts: 5,
  });
  try {
    const node = new ChainNode(client);
    const { traceBlock } = await checkEndpoint(node, chain);
    const final = Math.max((await node.headNumber()) - chain.finalityConfirmation, 0);
    const foreseen = await foreseeCreations({
      ...{ chain, node, client, known: { searched: [], created: [] }, isWhole: false },
      ...options,
    });
    const contracts = await withFactories(node, foreseen, final);
    const from = firstBlockOf(contracts, final);
    const counter = new CallCounter();
    const found = { hits: 0, finders: new Set<string>() };
    let blocks = 0;
    const startedAt = performance.now();
    pool.answers = counter;
    for (const window of windowsOf({ from, to: final }, options.blocks)) {
      await readWindow({ chain, client, contracts, window, traceBlock, found, options });
      blocks += window.to - window.from + 1;
    }
    return {
      range: { from, to: final },
      blocks,
      hits: found.hits,
      calls: counter.calls,
      bytes: counter.bytes,
      seconds: (performance.now() - startedAt) / 1000,
      finders: [...found.finders],
      factories: foreseen.factories,
    };
  } finally {
    client.close();
    pool.close();
  }
}

/** @throws ImoError with the code of the first factory that `index` would refuse */
async function withFactories(
  node: ChainNode,
  foreseen: Foreseen,
  final: number,
): Promise<ConfiguredContracts> {
  const failed = foreseen.factories.find(({ error }) => error !== null);
  if (failed?.error != null) throw failed.error;
  const factories = (foreseen.chain.factories ?? []).flatMap((config, index) => {
    const startBlock = foreseen.factories[index]?.startBlock;
    return startBlock == null ? [] : [{ config, startBlock }];
  });
  return { ...(await configuredContracts(node, foreseen, final)), factories };
}

/** Some parts of a range, evenly spread, the last at its end; all of it where it is short. */
export function windowsOf({ from, to }: BlockRange, blocks: number): BlockRange[] {
  const all = to - from + 1;
  if (all <= blocks) return [{ from, to }];
  const length = Math.max(Math.floor(blocks / WINDOWS), 1);
  return Array.from({ length: WINDOWS }, (_, index) => {
    const end = from + Math.floor((all * (index + 1)) / WINDOWS) - 1;
    return { from: Math.max(end - length + 1, from), to: end };
  });
}

async function readWindow({
  chain,
  client,
  contracts,
  window,
  traceBlock,
  found,
  options: { onWarning, signal },
}: {
  readonly chain: ChainConfig;
  readonly client: PooledClient;
  readonly contracts: ConfiguredContracts;
  readonly window: BlockRange;
  readonly traceBlock: boolean;
  readonly found: { hits: number; readonly finders: Set<string> };
  readonly options: SampleOptions;
}): Promise<void> {
  const processor = new EvmBatchProcessor()
    .setRpcEndpoint({ url: chain.rpcUrl })
    .setRpcDataIngestionSettings({ preferTraceApi: traceBlock })
    .setFinalityConfirmation(chain.finalityConfirmation)
    .setFields(FIELDS)
    .setBlockRange(window);
  requestConfigured(processor, contracts);
  const internals = processor as unknown as Internals;
  internals.getChainRpcClient = () => client;
  const hot = internals.getHotDataSource();
  withChecks(hot.rpc, { client, onWarning, chainId: chain.id });
  const source = openFinalSource({
    client,
    chainId: chain.id,
    traceTimeoutSeconds: chain.traceTimeoutSeconds,
    config: { finders: FINDER_KINDS, ...chain.source, blocksAtLeast: 1 },
    services: sqdFinders(chain),
    cache: null,
    perBlock: hot,
    rpc: hot.rpc,
    toMappingRequest: (data) => hot.toMappingRequest(data),
    patiently: (work) => work(),
    assets: () => [],
    onWarning,
    onCovered: ({ hits, finder }) => {
      found.hits += hits;
      found.finders.add(finder);
    },
    signal,
  });
  for await (const _ of source.getFinalizedBlocks(internals.getBatchRequests())) {
    signal.throwIfAborted();
  }
}
