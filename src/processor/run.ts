import { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import { BackgroundAudit } from '../audit/background.js';
import { ChainNode } from '../chain/node.js';
import { FIELDS, type SourceBlock } from '../chain/source.js';
import { checkSource, type TraceSupport } from '../chain/sourceCheck.js';
import type { ChainConfig } from '../config/types.js';
import { readCursor } from '../store/cursor.js';
import { reserveRevenueAsset } from '../store/revenueAssets.js';
import type { ReserveAsset } from './bookedAssets.js';
import { CollectionDesk } from './collectionDesk.js';
import { openConnections } from './connections.js';
import type { BookingTarget, Desk } from './desk.js';
import { knownSources } from './knownSources.js';
import { LedgerDatabase } from './ledgerDatabase.js';
import { openCollections } from './openCollections.js';
import { openOracles } from './openOracles.js';
import { openSales } from './openSales.js';
import { openTokens } from './openTokens.js';
import { OracleDesk } from './oracleDesk.js';
import { ProofKeeper } from './proofs.js';
import { quietMetrics } from './quietMetrics.js';
import { RunControl } from './runControl.js';
import { SaleDesk } from './saleDesk.js';
import { redirectSquidLog } from './squidLog.js';
import { TokenDesk } from './tokenDesk.js';

/** How far indexing has come; sent after every batch of blocks and after every commit. */
export interface IndexProgress {
  /** Newest block whose rows are committed. */
  readonly indexedBlock: number;
  /** Newest block that is booked; ahead of the former while a commit gathers. */
  readonly bookedBlock: number;
  readonly headBlock: number;
  /** First block of the oldest token. */
  readonly startBlock: number;
  /** Booked since the start of this process. */
  readonly operations: number;
  /** The backfill is over: blocks come in one by one. */
  readonly onTop: boolean;
}

export interface IndexerOptions {
  readonly chain: ChainConfig;
  readonly databaseUrl: string;
  /** Stop when this block is committed; `null`: follow the chain. */
  readonly toBlock: number | null;
  readonly onProgress: (progress: IndexProgress) => void;
  /** Warnings of the libraries, without secrets. */
  readonly onWarning?: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Indexes one chain until `toBlock` is committed or the signal aborts. Takes the process
 * over: after it has returned, end the process.
 *
 * @throws ImoError with the codes of `checkSource`, `detectToken`, `openTokens`,
 *   `frameOperations`, `findUntraced` and the ledger.
 */
export async function runIndexer(options: IndexerOptions): Promise<void> {
  const { chain, toBlock } = options;
  redirectSquidLog(options.onWarning ?? (() => undefined));
  const node = new ChainNode(chain.rpcUrl);
  const support = await checkSource(node, chain);
  const connections = await openConnections(options.databaseUrl, chain.id);
  const proofs = new ProofKeeper(options.databaseUrl, chain.id, (error) =>
    options.onWarning?.(`proofs of chain ${chain.id} wait for the next commit: ${reasonOf(error)}`),
  );
  const audit = backgroundAudit(options);
  try {
    const desks = await connections.exclusively((db) =>
      openDesks(db, node, chain, (asset) =>
        connections.apart((apart) => reserveRevenueAsset(apart, asset)),
      ),
    );
    const cursor = await readCursor(connections.writer, chain.id);
    if (toBlock !== null && cursor !== null && cursor.head.height >= toBlock) return;

    const startBlock = Math.min(...desks.map((desk) => desk.startBlock));
    const progress = {
      operations: 0,
      headBlock: await node.headNumber(),
      startBlock,
      indexedBlock: cursor?.head.height ?? startBlock,
      bookedBlock: cursor?.head.height ?? startBlock,
      onTop: false,
    };
    const finalAtStart = progress.headBlock - chain.finalityConfirmation;
    const times = new Map<number, string>();
    const database = new LedgerDatabase(chain.id, connections, desks, {
      toBlock,
      timeOf: (height) => times.get(height) ?? null,
      onCommit: (head, finalized) => {
        progress.headBlock = Math.max(progress.headBlock, head.height);
        progress.indexedBlock = head.height;
        progress.onTop = head.height > finalized.height;
        options.onProgress({ ...progress });
        // In the backfill nothing is audited: it would only slow it.
        if (progress.onTop) audit?.finalised(finalized);
        if (head.height === toBlock) control.finish();
        // The backfill is not slowed down for them.
        else if (finalized.height >= finalAtStart) proofs.wake();
      },
    });
    const control = new RunControl(database, options.signal);
    const processor = createProcessor(chain, support).setBlockRange({
      from: startBlock,
      ...(toBlock === null ? {} : { to: toBlock }),
    });
    for (const desk of desks) desk.request(processor);
    processor.run(control.database, async ({ store, blocks }) => {
      // Near the head blocks before the first token come too, without the requested fields.
      const wanted = blocks.filter(({ header }) => header.height >= startBlock);
      progress.operations += await bookAll(desks, store, wanted, times);
      progress.bookedBlock = wanted.at(-1)?.header.height ?? progress.bookedBlock;
      progress.headBlock = Math.max(progress.headBlock, progress.bookedBlock);
      options.onProgress({ ...progress });
    });
    await control.ended;
  } finally {
    await proofs.stop();
    await audit?.close();
    await connections.close();
    node.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function backgroundAudit({
  chain,
  databaseUrl,
  onWarning,
}: IndexerOptions): BackgroundAudit | null {
  if (chain.audit == null) return null;
  return new BackgroundAudit({
    chainId: chain.id,
    rpcUrl: chain.rpcUrl,
    databaseUrl,
    settings: chain.audit,
    onWarning: onWarning ?? (() => undefined),
  });
}

/** One desk for each kind of contract. */
async function openDesks(
  db: ClientBase,
  node: ChainNode,
  chain: ChainConfig,
  reserveAsset: ReserveAsset,
): Promise<Desk[]> {
  const tokens = await openTokens(db, node, chain);
  const desks: Desk[] = [new TokenDesk(node, tokens, knownSources(chain), reserveAsset)];
  const collections = await openCollections(db, node, chain);
  if (collections.length > 0) {
    const revenueTokens = chain.tokens.map(({ address }) => address);
    desks.push(new CollectionDesk(node, collections, revenueTokens));
  }
  const sales = await openSales(db, node, chain);
  if (sales.length > 0) desks.push(new SaleDesk(node, sales));
  const oracles = await openOracles(db, node, chain);
  if (oracles.length > 0) desks.push(new OracleDesk(node, oracles));
  return desks;
}

async function bookAll(
  desks: readonly Desk[],
  target: BookingTarget,
  blocks: readonly SourceBlock[],
  times: Map<number, string>,
): Promise<number> {
  times.clear();
  for (const { header } of blocks) {
    times.set(header.height, new Date(header.timestamp).toISOString());
  }
  let operations = 0;
  for (const desk of desks) operations += await desk.book(blocks, target);
  return operations;
}

function createProcessor(
  chain: ChainConfig,
  support: TraceSupport,
): EvmBatchProcessor<typeof FIELDS> {
  const processor = new EvmBatchProcessor()
    .setRpcEndpoint({ url: chain.rpcUrl, maxBatchCallSize: 100 })
    .setRpcDataIngestionSettings({
      preferTraceApi: support.traceBlock,
      headPollInterval: chain.headPollIntervalSeconds * 1000,
    })
    .setFinalityConfirmation(chain.finalityConfirmation)
    .setFields(FIELDS);
  if (chain.gatewayUrl !== null) processor.setGateway(chain.gatewayUrl);
  quietMetrics(processor);
  return processor;
}
