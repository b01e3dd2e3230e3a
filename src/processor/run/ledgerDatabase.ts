import type { ClientBase } from 'pg';
import { chainIdOf, isGroup } from '../../store/booksKey.js';
import { beginSql } from '../../store/database/beginSql.js';
import { databaseFault } from '../../store/database/databaseFault.js';
import { isDistributed } from '../../store/distributed/distribution.js';
import { untilNodesFollow } from '../../store/distributed/inDoubt.js';
import { type Fork, rollbackFork } from '../../store/write/chainReorgs.js';
import { announceCommit } from '../../store/write/commitNotice.js';
import {
  type BlockPoint,
  type ChainCursor,
  type IndexedPoint,
  readCursor,
  writeCursor,
  writeHotBlocks,
} from '../../store/write/cursor.js';
import { advanceCommonHead } from '../../store/write/groups/commonHead.js';
import { rollbackAbove } from '../../store/write/rollback.js';
import { RowBuffer } from '../../store/write/rows/rowBuffer.js';
import type { BookingTarget, Desk } from '../desks/desk.js';
import type { Holds } from '../holding/holds.js';
import { BlockGoneError, isGone } from '../reorgs/blockGone.js';
import { forkAbove } from '../reorgs/forkAbove.js';
import type { Coverage } from './coverage.js';
import { boundMemory } from './memory.js';
import type {
  FinalTxInfo,
  HashAndHeight,
  HotDatabase,
  HotDatabaseState,
  HotTxInfo,
} from './squid/squid.js';

/** Rows that the backfill gathers before it sends them. */
const ROWS_PER_WRITE = 50_000;
/** How many writes may wait for the database before booking waits for them. */
const WRITES_WAITING = 2;
/** A commit brings the cache of holders up to date, which costs most when it is done often. */
const MILLISECONDS_PER_COMMIT = 15_000;

/** The newest block that answers have, and the newest one that is final. */
export type ShownBlocks = Pick<ChainCursor, 'head' | 'finalized'> | null;

/** The connection that writes, and one to read committed rows while it is writing. */
export interface LedgerConnections {
  readonly writer: ClientBase;
  readonly reader: ClientBase;
}

/**
 * The processor's database: rows and cursor of a commit in one transaction. In the
 * backfill several batches share a commit, which runs while the next ones are fetched;
 * above the finalised block every update is a commit of its own, and takes back first
 * what a reorg has undone. On a cluster, the cursor has a transaction of its own after that of
 * the rows (`dropRowsAbove`).
 */
export class LedgerDatabase implements HotDatabase<BookingTarget> {
  readonly supportsHotBlocks = true;
  private rows = new RowBuffer();
  private head: IndexedPoint = { height: -1, hash: '0x', timestamp: null };
  /** The newest block of which a commit was asked for. */
  private committedHeight = -1;
  /** All that was asked of the writer so far, in order. */
  private running: Promise<void> = Promise.resolve();
  /** The newest of it, one by one. */
  private readonly waiting: Promise<void>[] = [];
  private lastCommitAt = Date.now();
  /** Rows were sent, or are being sent, whose commit is still to be asked for. */
  private hasSentRows = false;
  /** The writer is in a transaction. */
  private isOpen = false;
  /** Rows are committed before their cursor. */
  private isRowsFirst = false;
  /** They are, and it is not. */
  private areRowsAhead = false;

  constructor(
    private readonly chainId: number,
    private readonly connections: LedgerConnections,
    private readonly desks: readonly Desk[],
    private readonly options: {
      readonly toBlock: number | null;
      /**
       * Called after each commit with what is now in the database. `shown` is how far the chain is for readers; `null`: a
       * group of it has no block yet.
       */
      readonly onCommit: (head: IndexedPoint, finalized: BlockPoint, shown: ShownBlocks) => void;
      /** The time of a block that was handed to the handler, ISO 8601. */
      readonly timeOf: (height: number) => string | null;
      /** The hash of a block of the node's chain; `null` if it has none of that height. */
      readonly hashAt: (height: number) => Promise<string | null>;
      /** Looks at blocks that become final; what it throws keeps them from it. */
      readonly beforeFinal: (client: ClientBase, finalizedHeight: number) => Promise<void>;
      /** How the blocks of a commit were found. */
      readonly coverage: Coverage;
      /** Is brought up to date whenever the desks are opened again. */
      readonly holds: Holds;
      /** Called when a commit in the background failed: nothing is written after that. */
      readonly onFailure: (error: unknown) => void;
    },
  ) {}

  async connect(): Promise<HotDatabaseState> {
    const { writer } = this.connections;
    const cursor = await readCursor(writer, this.chainId);
    // A group has its cursor with its rows, as readers read that of the chain; nobody reads books that are to join.
    this.isRowsFirst = this.chainId > 0 && (await isDistributed(writer));
    // What another process has not done, that was killed after its commit.
    await this.show(null);
    await this.openDesks(writer, cursor?.head.height ?? -1);
    if (cursor === null) return { height: -1, hash: '0x', top: [] };
    this.head = cursor.head;
    this.committedHeight = cursor.head.height;
    return { ...cursor.finalized, top: [...cursor.hot] };
  }

  /** A batch of final blocks. */
  async transact(
    info: FinalTxInfo,
    handle: (store: BookingTarget) => Promise<void>,
  ): Promise<void> {
    const { nextHead } = info;
    const isLast = info.isOnTop || nextHead.height === this.options.toBlock;
    const settle = isLast || Date.now() - this.lastCommitAt >= MILLISECONDS_PER_COMMIT;
    await this.undoAbove(info.prevHead);
    if (!this.hasWork && this.desks.some((desk) => desk.isLarge)) await this.committed();
    await handle(this.store(this.connections.reader, settle));
    this.head = this.pointOf(nextHead);
    if (settle) await this.commitBehind(this.head, nextHead);
    else if (this.rows.size >= ROWS_PER_WRITE) await this.writeBehind();
    if (isLast) await this.committed();
  }

  /** Sends rows ahead of their commit, so that it has little to wait for. */
  private async writeBehind(): Promise<void> {
    boundMemory();
    const { rows } = this;
    this.rows = new RowBuffer();
    this.hasSentRows = true;
    await this.runBehind(() =>
      this.inTransaction((client) => rows.write(client), { commit: false }),
    );
  }

  private async commitBehind(head: IndexedPoint, finalized: BlockPoint): Promise<void> {
    const write = this.takeRows();
    const cover = this.options.coverage.take(head.height);
    this.hasSentRows = false;
    const above = this.committedHeight;
    this.committedHeight = head.height;
    await this.runBehind(async () => {
      await this.inTransaction(async (client) => {
        await write(client);
        await this.commitRows(client);
        await cover(client);
        await this.moveCursor(client, above, head, finalized);
      });
      await this.tellCommit(head, finalized);
    });
  }

  /**
   * Runs work of the writer after all that was asked for before. Waits only where too much
   * is waiting already.
   */
  private async runBehind(work: () => Promise<void>): Promise<void> {
    const before = this.waiting.length < WRITES_WAITING ? undefined : this.waiting.shift();
    await before;
    // After a failure nothing more is written: the chain stays rejected.
    this.running = this.running.then(work);
    this.waiting.push(this.running);
    this.running.catch(this.options.onFailure);
  }

  /** Blocks above the finalised one; may replace some that are indexed. */
  async transactHot2(
    info: HotTxInfo,
    handle: (store: BookingTarget, from: number, to: number) => Promise<void>,
  ): Promise<void> {
    await this.running;
    const { toBlock } = this.options;
    const blocks = info.newBlocks.filter(({ height }) => height <= (toBlock ?? height));
    const finalized = lower(info.finalizedHead, blocks.at(-1) ?? info.baseHead);
    let head = this.head;
    // Rows of final blocks would be lost with a rollback, and they do not come again.
    const canRollBack = !this.hasWork;
    try {
      await this.inTransaction(async (client) => {
        if (this.head.height > info.baseHead.height) {
          const { height } = info.baseHead;
          await this.rollback(client, { height, newHash: info.newBlocks[0]?.hash ?? null });
          // Readers have the fork before the rows of its other blocks.
          if (this.isRowsFirst) await this.lowerCursor(client, info.baseHead, finalized);
        }
        if (blocks.length > 0) {
          await handle(this.store(client, true), 0, blocks.length);
          await this.takeRows()(client);
        }
        await this.options.beforeFinal(client, finalized.height);
        await this.commitRows(client);
        const points = blocks.map((block) => this.pointOf(block));
        head = points.at(-1) ?? this.pointOf(info.baseHead);
        await writeHotBlocks(client, this.chainId, points, finalized.height);
        const above = Math.min(this.committedHeight, info.baseHead.height);
        await this.moveCursor(client, above, head, finalized);
      });
    } catch (error) {
      // Without a database there is nothing to go back to; the next process will.
      if (databaseFault(error) !== null || this.areRowsAhead) throw error;
      // The books in memory went ahead of the database: go back to what is committed.
      this.takeRows();
      await this.openDesks(this.connections.reader, this.head.height);
      throw canRollBack && isGone(error) ? new BlockGoneError(error) : error;
    }
    this.head = head;
    this.committedHeight = head.height;
    this.hasSentRows = false;
    await this.committed();
    await this.tellCommit(head, finalized);
  }

  private async tellCommit(head: IndexedPoint, finalized: BlockPoint): Promise<void> {
    this.options.onCommit(head, finalized, await this.show({ head, finalized }));
  }

  /** Shows readers what is committed: of a group, as far as all groups of the chain have it. */
  private async show(own: ShownBlocks): Promise<ShownBlocks> {
    if (!isGroup(this.chainId)) return own;
    return advanceCommonHead(this.connections.writer, chainIdOf(this.chainId));
  }

  /** Something is booked whose commit is still to be asked for. */
  private get hasWork(): boolean {
    return this.hasSentRows || this.rows.size > 0;
  }

  /** Waits for the commit that runs in the background, if any. */
  async settled(): Promise<void> {
    await this.running;
  }

  async transactHot(): Promise<void> {
    throw new Error('transactHot2 is implemented instead');
  }

  /**
   * Final blocks replace unfinalised ones that were indexed before a restart. Most are the same blocks,
   * which are read again.
   */
  private async undoAbove(base: HashAndHeight): Promise<void> {
    if (this.head.height <= base.height) return;
    await this.running;
    const cursor = await readCursor(this.connections.reader, this.chainId);
    const fork = cursor === null ? null : await forkAbove(base, cursor.hot, this.options.hashAt);
    await this.inTransaction(async (client) => {
      if (fork !== null) await rollbackFork(client, this.chainId, this.numbers, fork);
      await rollbackAbove(client, this.chainId, this.numbers, base.height);
      await this.openDesks(client, base.height);
      await writeCursor(client, this.chainId, this.pointOf(base), base);
    });
    this.head = this.pointOf(base);
    this.committedHeight = base.height;
  }

  /** @param above the newest block that was committed before */
  private async moveCursor(
    client: ClientBase,
    above: number,
    head: IndexedPoint,
    finalized: BlockPoint,
  ): Promise<void> {
    const { chainId } = this;
    await writeCursor(client, chainId, head, finalized);
    const blocks = { fromBlock: above + 1, toBlock: head.height };
    await announceCommit(client, { chainId, kind: 'commit', ...blocks });
  }

  private async lowerCursor(
    client: ClientBase,
    base: HashAndHeight,
    finalized: BlockPoint,
  ): Promise<void> {
    await writeCursor(client, this.chainId, this.pointOf(base), lower(finalized, base));
  }

  /** On a cluster: commits the rows, and begins the transaction of their cursor when every node has them. */
  private async commitRows(client: ClientBase): Promise<void> {
    if (!this.isRowsFirst) return;
    await client.query('COMMIT');
    this.areRowsAhead = true;
    await untilNodesFollow(client);
    await client.query(beginSql(this.chainId));
  }

  private get numbers(): number[] {
    return this.desks.flatMap((desk) => desk.contractNumbers);
  }

  private async rollback(client: ClientBase, fork: Fork): Promise<void> {
    await rollbackFork(client, this.chainId, this.numbers, fork);
    await this.openDesks(client, fork.height);
  }

  /** Nothing is waiting: desks may give memory back. */
  private async committed(): Promise<void> {
    await this.running;
    for (const desk of this.desks) desk.allCommitted();
  }

  private async openDesks(client: ClientBase, height: number): Promise<void> {
    await this.options.holds.load(client);
    for (const desk of this.desks) await desk.open(client, height);
  }

  private store(db: ClientBase, settle: boolean): BookingTarget {
    return { chainId: this.chainId, db, rows: this.rows, settle, held: new Set() };
  }

  /** Takes all waiting rows out; what comes next gathers in new buffers. */
  private takeRows(): (client: ClientBase) => Promise<void> {
    const { rows } = this;
    const work = this.desks.map((desk) => desk.takeCommitWork());
    this.rows = new RowBuffer();
    this.lastCommitAt = Date.now();
    return async (client) => {
      await rows.write(client);
      for (const run of work) await run(client);
    };
  }

  private async inTransaction(
    work: (client: ClientBase) => Promise<void>,
    { commit } = { commit: true },
  ): Promise<void> {
    const { writer } = this.connections;
    try {
      if (!this.isOpen) await writer.query(beginSql(this.chainId));
      this.isOpen = true;
      await work(writer);
      if (!commit) return;
      await writer.query('COMMIT');
      this.isOpen = false;
      this.areRowsAhead = false;
    } catch (error) {
      await writer.query('ROLLBACK').catch(() => undefined);
      this.isOpen = false;
      throw error;
    }
  }

  private pointOf({ height, hash }: HashAndHeight): IndexedPoint {
    return { height, hash, timestamp: this.options.timeOf(height) };
  }
}

function lower(a: HashAndHeight, b: HashAndHeight): HashAndHeight {
  return a.height <= b.height ? a : b;
}
