import { EvmBatchProcessor } from '@subsquid/evm-processor';
import { FIELDS, type SourceBlock } from '../../chain/reading/source.js';
import type { TransactionRecord } from '../../chain/reading/tree/frames.js';
import { TreesAhead } from '../../chain/reading/tree/treesAhead.js';
import { sqdFinders } from '../../chain/source/portal/sqdFinders.js';
import type { ChainConfig } from '../../config/types.js';
import { chainIdOf, isJoining } from '../../store/booksKey.js';
import { readHeldAnswers } from '../../store/read/tokens/holds.js';
import type { BlockPoint, IndexedPoint } from '../../store/write/cursor.js';
import type { BookingTarget, Desk } from '../desks/desk.js';
import { keepsWholeChain } from '../groups/groupChain.js';
import { isOwn } from '../groups/ownContracts.js';
import { HoldComparison } from '../holding/comparison.js';
import { HoldDueError, HoldWrongError } from '../holding/contractTrouble.js';
import type { FrameWay } from '../holding/frameWays.js';
import { Holds } from '../holding/holds.js';
import { ProvisionalReceipts } from '../holding/provisional.js';
import { HoldRetryError } from '../holding/retries.js';
import type { IndexProgress } from '../indexerOptions.js';
import { bookAll, compareWithContracts, readAgainIfUnproven } from './bookBlocks.js';
import { Coverage } from './coverage.js';
import { LedgerDatabase, type ShownBlocks } from './ledgerDatabase.js';
import type { AttemptParts, PreparedRun } from './prepareRun.js';
import { reasonOf } from './reason.js';
import { RunControl } from './runControl.js';
import { quietMetrics } from './squid/quietMetrics.js';
import { runSquid } from './squid/squidRunner.js';

type Progress = { -readonly [Key in keyof IndexProgress]: IndexProgress[Key] };

/** Reads, books and commits blocks until the attempt is over. */
export class BatchRun {
  private readonly times = new Map<number, string>();
  private readonly holds: Holds;
  private readonly coverage: Coverage;

  constructor(
    private readonly parts: AttemptParts,
    private readonly prepared: PreparedRun,
  ) {
    const { chain } = parts.options;
    this.holds = new Holds(chain);
    this.coverage = new Coverage(chain.id);
  }

  /** @throws whatever stopped it */
  async untilOver(): Promise<void> {
    const { connections } = this.parts;
    const { ways, signal } = this.parts.options;
    const progress = await this.startProgress();
    const finalAtStart = progress.headBlock - this.parts.options.chain.finalityConfirmation;
    const comparison = this.comparison((error) => control.fail(error));
    const database = this.database(finalAtStart, {
      onCommit: (head, finalized, shown) => {
        doubt.committed(head.height);
        this.noteCommit(progress, head, finalized);
        if (progress.onTop) this.lookAtHolds((error) => control.fail(error));
        // In the backfill nothing is audited: it would only slow it.
        if (progress.onTop && isNear(shown, finalized)) {
          this.parts.keepers.audit?.finalised(shown.finalized);
        }
        this.afterCommit({ head, finalized, shown, finalAtStart, control, comparison });
      },
      onFailure: (error) => control.fail(error),
    });
    const control = new RunControl(database, signal);
    const doubt = ways.watch(this.prepared.way, (error) => control.fail(error));
    // Also while there is nothing to write: another processor may have the lock now.
    void connections.lost.then((error) => control.fail(error));
    const finalBefore = this.prepared.cursor?.finalized.height ?? -1;
    const isFollowing = this.isFollowing(finalBefore, finalAtStart);
    if (isFollowing && keepsWholeChain(this.parts.options.chain.id)) {
      const { cleaner, indexes } = this.parts.keepers;
      cleaner.wake();
      // What the process before this one has not finished: the next block may be far away.
      indexes.wake();
    }
    this.runBatches(control, progress, finalAtStart).catch((error: unknown) => control.fail(error));
    await control.ended.finally(() => {
      control.stop();
      comparison.stop();
      doubt.stop();
    });
  }

  private async startProgress(): Promise<Progress> {
    const { options, clients } = this.parts;
    const { cursor, startBlock } = this.prepared;
    const indexedBlock = cursor?.head.height ?? startBlock - 1;
    const { hits, operations, commits } = options.totals;
    const headBlock = await clients.node.recentHead();
    const bookedBlock = indexedBlock;
    const figures = { hits, operations, commits, headBlock, startBlock };
    const progress = { ...figures, indexedBlock, bookedBlock, onTop: false };
    // The time of the start, without which the first rate would be a guess.
    options.onProgress({ ...progress });
    return progress;
  }

  private comparison(fail: (error: Error) => void): HoldComparison {
    const { options, url, clients } = this.parts;
    const { chain } = options;
    return new HoldComparison({
      databaseUrl: url,
      chain,
      node: clients.node,
      holds: this.holds,
      onDifference: () => fail(new HoldWrongError()),
      onFailure: (error) =>
        options.onWarning(
          `held contracts of chain ${chainIdOf(chain.id)} are not compared yet: ${reasonOf(error)}`,
        ),
    });
  }

  private database(
    finalAtStart: number,
    events: {
      readonly onCommit: (head: IndexedPoint, finalized: BlockPoint, shown: ShownBlocks) => void;
      readonly onFailure: (error: unknown) => void;
    },
  ): LedgerDatabase {
    const { options, connections, clients } = this.parts;
    const { cursor, desks } = this.prepared;
    const { chain, toBlock } = options;
    const finalBefore = cursor?.finalized.height ?? finalAtStart;
    const provisional = new ProvisionalReceipts(clients.node, chain.id, isOwn(chain), finalBefore);
    return new LedgerDatabase(chain.id, connections, desks, {
      toBlock,
      coverage: this.coverage,
      holds: this.holds,
      beforeFinal: (client, height) => provisional.check(client, height),
      timeOf: (height) => this.times.get(height) ?? null,
      hashAt: async (height) => (await clients.node.headers(height, height))[0]?.hash ?? null,
      ...events,
    });
  }

  private noteCommit(progress: Progress, head: IndexedPoint, finalized: BlockPoint): void {
    const { totals, onProgress } = this.parts.options;
    totals.commits++;
    progress.commits = totals.commits;
    progress.headBlock = Math.max(progress.headBlock, head.height);
    progress.indexedBlock = head.height;
    progress.onTop = head.height > finalized.height;
    onProgress({ ...progress });
  }

  private lookAtHolds(fail: (error: Error) => void): void {
    const { options, connections, clients } = this.parts;
    options.retries
      .look(clients.lookingNode, this.holds.all, (hold) =>
        readHeldAnswers(connections.reader, hold),
      )
      .then(
        (changed) => changed !== null && fail(new HoldRetryError(changed)),
        (error: unknown) => options.onWarning(`held contracts are not checked: ${reasonOf(error)}`),
      );
  }

  private afterCommit({
    head,
    finalized,
    shown,
    finalAtStart,
    control,
    comparison,
  }: {
    readonly head: IndexedPoint;
    readonly finalized: BlockPoint;
    readonly shown: ShownBlocks;
    readonly finalAtStart: number;
    readonly control: RunControl;
    readonly comparison: HoldComparison;
  }): void {
    const { toBlock } = this.parts.options;
    const { proofs, indexes, cleaner, accounts } = this.parts.keepers;
    const comparing = comparison.wake(head.height);
    if (head.height === toBlock) {
      if (comparing === null) control.finish();
      else void comparing.then(() => control.finish());
    } else if (this.holds.isDue(finalized.height)) control.fail(new HoldDueError());
    // The backfill is not slowed down for them, nor a run that is about to end.
    else if (
      keepsWholeChain(this.parts.options.chain.id) &&
      this.isFollowing(finalized.height, finalAtStart)
    ) {
      proofs.wake();
      indexes.wake();
      cleaner.wake();
      if (isNear(shown, finalized)) accounts.wake(shown.head);
    }
  }

  /** Whether live books follow the head: all blocks are read that were final at the start. */
  private isFollowing(finalized: number, finalAtStart: number): boolean {
    const { chain, toBlock } = this.parts.options;
    return toBlock === null && !isJoining(chain.id) && finalized >= finalAtStart;
  }

  private runBatches(control: RunControl, progress: Progress, finalAtStart: number): Promise<void> {
    const { options, clients } = this.parts;
    const { chain, totals, onWarning, signal } = options;
    const { watch, desks } = this.prepared;
    const { node, reading, threads, knownBalances, traceTimeoutSeconds } = clients;
    const trees = new TreesAhead(node, signal);
    return runSquid({
      processor: this.processor(),
      client: reading,
      abilities: clients.abilities,
      threads,
      database: control.database,
      watch,
      pollMs: chain.headPollIntervalSeconds * 1000,
      pollAdapts: chain.headPollAdapts === true,
      finalAtStart,
      source: chain.source ?? {},
      readEachTo: totals.readEachTo,
      knownBalances,
      onCovered: (part) => this.coverage.add(part),
      watchedAssets: () =>
        desks
          .flatMap((desk) => desk.watchedAssets?.() ?? [])
          .map(({ asset, holder }) => ({ kind: 'asset', asset, address: holder })),
      services: sqdFinders(chain),
      cache: options.cache,
      checks: { chainId: chainIdOf(chain.id), traceTimeoutSeconds },
      onWarning,
      signal,
      onRead: (blocks) => {
        for (const block of blocks) trees.foresee(block, unplacedIn(desks, block));
      },
      handle: (store, blocks) =>
        this.bookBatch(store, blocks, progress).finally(() => trees.release(blocks)),
    });
  }

  private processor(): EvmBatchProcessor<typeof FIELDS> {
    const { chain, toBlock } = this.parts.options;
    const { way, desks, startBlock } = this.prepared;
    const processor = createProcessor(chain, way).setBlockRange({
      from: startBlock,
      ...(toBlock === null ? {} : { to: toBlock }),
    });
    for (const desk of desks) desk.request(processor);
    return processor;
  }

  private async bookBatch(
    store: BookingTarget,
    blocks: readonly SourceBlock[],
    progress: Progress,
  ): Promise<void> {
    const { totals, onWarning, onProgress } = this.parts.options;
    const { desks, startBlock } = this.prepared;
    const { holds, coverage, times } = this;
    // Near the head blocks before the first token come too, without the requested fields.
    const wanted = blocks.filter(({ header }) => header.height >= startBlock);
    const booked = await readAgainIfUnproven(wanted, coverage, totals, async (last) => {
      const compares = store.settle && last !== undefined && coverage.isFound(last.header.height);
      const operations = await bookAll(desks, holds, { ...store, compares }, wanted, times);
      if (compares) await compareWithContracts(desks, holds, last, coverage, onWarning);
      return operations;
    }).finally(() => this.parts.clients.node.forgetForeseen());
    totals.operations += booked;
    totals.hits += wanted.filter(isHit).length;
    progress.hits = totals.hits;
    progress.operations = totals.operations;
    progress.bookedBlock = wanted.at(-1)?.header.height ?? progress.bookedBlock;
    progress.headBlock = Math.max(progress.headBlock, progress.bookedBlock);
    onProgress({ ...progress });
  }
}

function unplacedIn(desks: readonly Desk[], block: SourceBlock): TransactionRecord[] {
  return desks.flatMap((desk) => desk.unplaced?.(block) ?? []);
}

/** Whether no group of the chain lags: nodes may have dropped the state of earlier blocks. */
function isNear(shown: ShownBlocks, finalized: BlockPoint): shown is NonNullable<ShownBlocks> {
  return shown !== null && shown.head.height >= finalized.height;
}

const isHit = ({ logs, traces }: SourceBlock) => logs.length + traces.length > 0;

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
