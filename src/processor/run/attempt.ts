import { EvmBatchProcessor } from '@subsquid/evm-processor';
import { BackgroundAudit } from '../../audit/background/background.js';
import type { HeardAnswers } from '../../chain/heardAnswers.js';
import { KnownBalances } from '../../chain/knownBalances.js';
import { ChainNode } from '../../chain/node.js';
import { FIELDS, type SourceBlock } from '../../chain/reading/source.js';
import type { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import type { ChainCache } from '../../chain/source/cache/openCache.js';
import { sqdFinders } from '../../chain/source/portal/sqdFinders.js';
import { checkEndpoint } from '../../chain/sourceCheck.js';
import { TRACE_TIMEOUT_SECONDS } from '../../config/source/traceTimeout.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { type HoldRecord, readHeldAnswers } from '../../store/read/tokens/holds.js';
import { readContractNumbers } from '../../store/registry/contractNumbers.js';
import { reserveRevenueAsset } from '../../store/registry/revenueAssets.js';
import { readCursor } from '../../store/write/cursor.js';
import { afterAbort, untilAborted } from '../../untilAborted.js';
import type { BookingTarget, Desk } from '../desks/desk.js';
import { HoldComparison } from '../holding/comparison.js';
import { ContractTroubleError, HoldDueError, HoldWrongError } from '../holding/contractTrouble.js';
import type { FrameWay, FrameWays } from '../holding/frameWays.js';
import { Holds } from '../holding/holds.js';
import { ProvisionalReceipts } from '../holding/provisional.js';
import { type HoldRetries, HoldRetryError } from '../holding/retries.js';
import type { IndexerOptions } from '../indexerOptions.js';
import { openDesks } from '../openDesks.js';
import { ForkWatch } from '../reorgs/forkWatch.js';
import { assertOnChain, sameChain } from '../reorgs/sameChain.js';
import type { LearnedChanges } from '../tokens/terms/termsChanged.js';
import { databaseNow, openConnections } from './connections.js';
import { Coverage } from './coverage.js';
import { IndexKeeper } from './indexKeeper.js';
import { LedgerDatabase } from './ledgerDatabase.js';
import { ProofKeeper } from './proofs.js';
import { RunControl } from './runControl.js';
import { quietMetrics } from './squid/quietMetrics.js';
import { runSquid } from './squid/squidRunner.js';
import type { RunTotals } from './supervise.js';

/** How long a node may take for one answer if the config does not say. */
const RPC_TIMEOUT_SECONDS = 30;

/** Requests for blocks and states that are under way at once: a far node answers each late. */
const READING_AT_ONCE = 20;

/** How long a batch that is being booked or committed may take when the run is asked to end. */
export const FINISH_WITHIN_MS = 3_000;

export interface AttemptOptions extends IndexerOptions {
  readonly pool: PoolConnection;
  readonly cache: ChainCache | null;
  readonly onWarning: (line: string) => void;
  readonly totals: RunTotals;
  /** Survives the attempts of a run. */
  readonly learned: LearnedChanges;
  /** How frames are read, which depends on the attempts before. */
  readonly ways: FrameWays;
  readonly retries: HoldRetries;
  readonly heard: HeardAnswers;
}

/**
 * Indexes from the last commit until `toBlock` is committed or the signal aborts, or until
 * something fails.
 *
 * @throws whatever stopped it; see `superviseRuns`
 */
export async function attemptRun(options: AttemptOptions): Promise<void> {
  const { chain, toBlock, pool, totals, onWarning } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const requestTimeoutMs = (chain.rpcTimeoutSeconds ?? RPC_TIMEOUT_SECONDS) * 1000;
  const asking = new PooledClient(pool, {
    capacity: 10,
    requestTimeoutMs,
    retryAttempts: 4,
    fresh: 'headers',
  });
  // What ended some books may be remembered: whether nodes still say so, only they can tell.
  const looking = new PooledClient(pool, {
    capacity: 2,
    requestTimeoutMs,
    retryAttempts: 4,
    fresh: 'everything',
  });
  const reading = new PooledClient(pool, {
    capacity: READING_AT_ONCE,
    requestTimeoutMs,
    retryAttempts: Number.MAX_SAFE_INTEGER,
  });
  const { traceTimeoutSeconds = TRACE_TIMEOUT_SECONDS } = chain;
  const knownBalances = new KnownBalances();
  const { heard } = options;
  const node = new ChainNode(asking, { traceTimeoutSeconds, knownBalances, heard });
  const lookingNode = new ChainNode(looking, { traceTimeoutSeconds });
  try {
    const url = await untilAborted(signal, databaseNow(options.databaseUrl));
    const connections = await connectUntil(signal, url, chain.id);
    const stopWaiting = afterAbort(
      options.signal,
      FINISH_WITHIN_MS,
      () => void connections.close(),
    );
    const proofs = new ProofKeeper(url, chain.id, (error) =>
      onWarning(`proofs of chain ${chain.id} wait for the next commit: ${reasonOf(error)}`),
    );
    const indexes = new IndexKeeper(url, (error) =>
      onWarning(`lists of transfers by amount have no index yet: ${reasonOf(error)}`),
    );
    const audit = backgroundAudit(options, url);
    try {
      totals.isProven ||= (await readCursor(connections.writer, chain.id)) !== null;
      const support = await untilAborted(signal, checkEndpoint(node, chain));
      const way = await untilAborted(signal, options.ways.choose(node, support));
      reading.framesByTransaction = way.byTransaction;
      // Nothing is read of the contracts before it is known that the books are of this chain.
      const watch = new ForkWatch(connections.reader, node, chain.id);
      const same = sameChain({
        db: connections.writer,
        watch,
        node,
        client: reading,
        support,
        chainId: chain.id,
        contractNumbers: await readContractNumbers(connections.writer, chain.id),
        pollMs: chain.headPollIntervalSeconds * 1000,
        onWarning,
        signal,
      });
      await untilAborted(signal, same);
      const opening = openDesks(connections.writer, node, {
        chain,
        reserveAsset: (asset) => connections.apart((apart) => reserveRevenueAsset(apart, asset)),
        onWarning,
        learned: options.learned,
      });
      const write = await untilAborted(signal, opening);
      const desks = await untilAborted(signal, connections.exclusively(write));

      const cursor = await readCursor(connections.writer, chain.id);
      if (toBlock !== null && cursor !== null && cursor.head.height >= toBlock) {
        await assertOnChain(watch, node, toBlock);
        return;
      }
      const startBlock = Math.min(...desks.map((desk) => desk.startBlock));
      const progress = {
        hits: totals.hits,
        operations: totals.operations,
        commits: totals.commits,
        headBlock: await node.headNumber(),
        startBlock,
        indexedBlock: cursor?.head.height ?? startBlock - 1,
        bookedBlock: cursor?.head.height ?? startBlock - 1,
        onTop: false,
      };
      // The time of the start, without which the first rate would be a guess.
      options.onProgress({ ...progress });
      const finalAtStart = progress.headBlock - chain.finalityConfirmation;
      const times = new Map<number, string>();
      const holds = new Holds(chain.id);
      const comparison = new HoldComparison({
        databaseUrl: url,
        chainId: chain.id,
        node,
        holds,
        onDifference: () => control.fail(new HoldWrongError()),
        onFailure: (error) =>
          onWarning(`held contracts of chain ${chain.id} are not compared yet: ${reasonOf(error)}`),
      });
      const finalBefore = cursor?.finalized.height ?? finalAtStart;
      const provisional = new ProvisionalReceipts(node, chain.id, finalBefore);
      const coverage = new Coverage(chain.id);
      const heldAnswers = (hold: HoldRecord) => readHeldAnswers(connections.reader, hold);
      const lookAtHolds = () =>
        void options.retries.look(lookingNode, holds.all, heldAnswers).then(
          (changed) => changed !== null && control.fail(new HoldRetryError(changed)),
          (error: unknown) => onWarning(`held contracts are not checked: ${reasonOf(error)}`),
        );
      const database = new LedgerDatabase(chain.id, connections, desks, {
        toBlock,
        coverage,
        holds,
        beforeFinal: (client, height) => provisional.check(client, height),
        timeOf: (height) => times.get(height) ?? null,
        onCommit: (head, finalized) => {
          totals.commits++;
          doubt.committed(head.height);
          progress.commits = totals.commits;
          progress.headBlock = Math.max(progress.headBlock, head.height);
          progress.indexedBlock = head.height;
          progress.onTop = head.height > finalized.height;
          options.onProgress({ ...progress });
          if (progress.onTop) lookAtHolds();
          // In the backfill nothing is audited: it would only slow it.
          if (progress.onTop) audit?.finalised(finalized);
          const comparing = comparison.wake(head.height);
          if (head.height === toBlock) {
            if (comparing === null) control.finish();
            else void comparing.then(() => control.finish());
          } else if (holds.isDue(finalized.height)) control.fail(new HoldDueError());
          // The backfill is not slowed down for them, nor a run that is about to end.
          else if (toBlock === null && finalized.height >= finalAtStart) {
            proofs.wake();
            indexes.wake();
          }
        },
        onFailure: (error) => control.fail(error),
      });
      const control = new RunControl(database, signal);
      const doubt = options.ways.watch(way, (error) => control.fail(error));
      // Also while there is nothing to write: another processor may have the lock now.
      void connections.lost.then((error) => control.fail(error));
      const processor = createProcessor(chain, way).setBlockRange({
        from: startBlock,
        ...(toBlock === null ? {} : { to: toBlock }),
      });
      for (const desk of desks) desk.request(processor);
      const running = runSquid({
        processor,
        client: reading,
        database: control.database,
        watch,
        pollMs: chain.headPollIntervalSeconds * 1000,
        source: chain.source ?? {},
        readEachTo: totals.readEachTo,
        knownBalances,
        onCovered: (part) => coverage.add(part),
        watchedAssets: () =>
          desks
            .flatMap((desk) => desk.watchedAssets?.() ?? [])
            .map(({ asset, holder }) => ({ kind: 'asset', asset, address: holder })),
        services: sqdFinders(chain),
        cache: options.cache,
        checks: { chainId: chain.id, traceTimeoutSeconds },
        onWarning,
        signal,
        handle: async (store, blocks) => {
          // Near the head blocks before the first token come too, without the requested fields.
          const wanted = blocks.filter(({ header }) => header.height >= startBlock);
          const booked = await readAgainIfUnproven(wanted, coverage, totals, async (last) => {
            const operations = await bookAll(desks, holds, store, wanted, times);
            if (last !== undefined && store.settle && coverage.isFound(last.header.height)) {
              await compareWithContracts(desks, holds, last, coverage, onWarning);
            }
            return operations;
          });
          totals.operations += booked;
          totals.hits += wanted.filter(isHit).length;
          progress.hits = totals.hits;
          progress.operations = totals.operations;
          progress.bookedBlock = wanted.at(-1)?.header.height ?? progress.bookedBlock;
          progress.headBlock = Math.max(progress.headBlock, progress.bookedBlock);
          options.onProgress({ ...progress });
        },
      });
      running.catch((error: unknown) => control.fail(error));
      await control.ended.finally(() => {
        comparison.stop();
        doubt.stop();
      });
    } finally {
      stopWaiting();
      over.abort();
      await proofs.stop();
      await indexes.stop();
      await audit?.close();
      await connections.close();
    }
  } finally {
    over.abort();
    reading.close();
    lookingNode.close();
    node.close();
  }
}

/** Connects, unless the run is asked to end meanwhile. */
async function connectUntil(signal: AbortSignal, url: string, chainId: number) {
  const connecting = openConnections(url, chainId);
  try {
    return await untilAborted(signal, connecting);
  } catch (error) {
    // Nobody waits for them any more.
    void connecting.then(
      (connections) => connections.close(),
      () => undefined,
    );
    throw error;
  }
}

const isHit = ({ logs, traces }: SourceBlock) => logs.length + traces.length > 0;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function backgroundAudit(
  { chain, pool: rpc, onWarning }: AttemptOptions,
  databaseUrl: string,
): BackgroundAudit | null {
  if (chain.audit == null) return null;
  const { id: chainId, audit: settings } = chain;
  return new BackgroundAudit({ chainId, rpc, databaseUrl, settings, onWarning });
}

/**
 * Books blocks. If that fails because of what they hold, and nothing proves that none of them is
 * missing, each block up to here is read before any contract is held.
 */
async function readAgainIfUnproven<T>(
  blocks: readonly SourceBlock[],
  coverage: Coverage,
  totals: RunTotals,
  work: (last: SourceBlock | undefined) => Promise<T>,
): Promise<T> {
  const last = blocks.at(-1);
  try {
    return await work(last);
  } catch (error) {
    const isOfBlocks =
      error instanceof ContractTroubleError ||
      (error instanceof ImoError && error.code === 'RPC_BOOKS_DIFFER');
    if (!isOfBlocks || last === undefined || !coverage.isUnproven(last.header.height)) throw error;
    totals.readEachTo = last.header.height;
    throw new ImoError('RPC_BOOKS_DIFFER', error.message, error.hint, { cause: error });
  }
}

/** What differs although storage proves that no block is missing is for the audit to judge. */
async function compareWithContracts(
  desks: readonly Desk[],
  holds: Holds,
  block: SourceBlock,
  coverage: Coverage,
  onWarning: (line: string) => void,
): Promise<void> {
  const { height } = block.header;
  const held = [...holds.runs([block])].at(-1)?.held ?? new Set<string>();
  try {
    for (const desk of desks) await desk.compare?.(height, held);
  } catch (error) {
    const isDifference = error instanceof ImoError && error.code === 'RPC_BOOKS_DIFFER';
    if (!isDifference || coverage.isUnproven(height)) throw error;
    onWarning(error.message);
  }
}

async function bookAll(
  desks: readonly Desk[],
  holds: Holds,
  target: BookingTarget,
  blocks: readonly SourceBlock[],
  times: Map<number, string>,
): Promise<number> {
  times.clear();
  for (const { header } of blocks) {
    times.set(header.height, new Date(header.timestamp).toISOString());
  }
  let operations = 0;
  for (const { blocks: run, held } of holds.runs(blocks)) {
    const settle = target.settle && run.at(-1) === blocks.at(-1);
    for (const desk of desks) operations += await desk.book(run, { ...target, settle, held });
  }
  return operations;
}

function createProcessor(
  chain: ChainConfig,
  { preferTraceApi }: FrameWay,
): EvmBatchProcessor<typeof FIELDS> {
  const processor = new EvmBatchProcessor()
    .setRpcEndpoint({ url: chain.rpcUrl })
    .setRpcDataIngestionSettings({
      preferTraceApi,
      headPollInterval: chain.headPollIntervalSeconds * 1000,
    })
    .setFinalityConfirmation(chain.finalityConfirmation)
    .setFields(FIELDS);
  quietMetrics(processor);
  return processor;
}
