import { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { DataSource } from '@subsquid/util-internal-processor-tools';
import { FIELDS, requestTokens, type WatchedToken } from '../../../src/chain/reading/source.js';
import { withChecks } from '../../../src/chain/rpc/blocks/checkedRpc.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import type { Covered } from '../../../src/chain/source/dataSource.js';
import type { Finder } from '../../../src/chain/source/finders/finder.js';
import type { MappedBlock } from '../../../src/chain/source/mappedBlock.js';
import type { Watched } from '../../../src/chain/source/proofs/stateReads.js';
import type { SourceConfig } from '../../../src/config/source/source.js';
import { openFinalSource } from '../../../src/processor/run/finalSource.js';

type BlockSource = DataSource<MappedBlock, DataRequest>;

interface HotInternals extends BlockSource {
  readonly rpc: Rpc;
  toMappingRequest(request: DataRequest): MappingRequest;
}

interface Internals {
  getChainRpcClient(): PooledClient;
  getHotDataSource(): HotInternals;
  getBatchRequests(): Parameters<BlockSource['getFinalizedBlocks']>[0];
}

export interface SourceRequest {
  readonly urls: readonly string[];
  readonly chainId: number;
  readonly tokens: readonly WatchedToken[];
  readonly source: SourceConfig;
  readonly services?: readonly Finder[];
  readonly assets?: readonly Watched[];
  readonly finality?: number;
  readonly to?: number;
}

/** What a block brought: its logs with topics and data, and the places of its frames. */
export interface Delivered {
  readonly height: number;
  readonly hash: string;
  readonly logs: readonly string[];
  readonly frames: readonly string[];
}

export interface SourceRun {
  /** Blocks with something wanted. */
  readonly delivered: readonly Delivered[];
  /** Every block that came. */
  readonly heights: readonly number[];
  readonly covered: readonly Covered[];
  readonly warnings: readonly string[];
}

/** Reads all final blocks as the indexer would, without booking them. */
export async function readFinalBlocks(request: SourceRequest): Promise<SourceRun> {
  const { urls, chainId, tokens, source, services = [], assets = [], finality = 0, to } = request;
  const warnings: string[] = [];
  const covered: Covered[] = [];
  const onWarning = (line: string) => warnings.push(line);
  const pool = new PoolConnection({ urls, chainId });
  const client = new PooledClient(pool, {
    capacity: 10,
    requestTimeoutMs: 60_000,
    retryAttempts: 3,
  });
  const processor = new EvmBatchProcessor()
    .setRpcEndpoint({ url: urls[0] ?? '' })
    .setRpcDataIngestionSettings({ preferTraceApi: true })
    .setFinalityConfirmation(finality)
    .setFields(FIELDS)
    .setBlockRange({
      from: Math.min(...tokens.map(({ startBlock }) => startBlock)),
      ...(to === undefined ? {} : { to }),
    });
  requestTokens(processor, tokens);
  const internals = processor as unknown as Internals;
  internals.getChainRpcClient = () => client;
  const hot = internals.getHotDataSource();
  withChecks(hot.rpc, { client, onWarning, chainId });
  const blocks = openFinalSource({
    client,
    chainId,
    traceTimeoutSeconds: undefined,
    config: { blocksAtLeast: 1, ...source },
    services,
    cache: null,
    perBlock: hot,
    rpc: hot.rpc,
    toMappingRequest: (data) => hot.toMappingRequest(data),
    patiently: (work) => work(),
    assets: () => assets,
    onWarning,
    onCovered: (part) => covered.push(part),
    signal: new AbortController().signal,
  });
  const heights: number[] = [];
  const delivered: Delivered[] = [];
  try {
    for await (const batch of blocks.getFinalizedBlocks(internals.getBatchRequests())) {
      for (const { header, logs, traces } of batch.blocks) {
        heights.push(header.height);
        if (logs.length + traces.length === 0) continue;
        delivered.push({
          height: header.height,
          hash: header.hash,
          logs: logs.map(({ logIndex, topics, data }) =>
            [logIndex, ...(topics ?? []), data].join(' '),
          ),
          frames: traces.map(({ transactionIndex, traceAddress }) =>
            [transactionIndex, ...traceAddress].join('.'),
          ),
        });
      }
    }
  } finally {
    client.close();
    pool.close();
  }
  return { delivered, heights, covered, warnings };
}
