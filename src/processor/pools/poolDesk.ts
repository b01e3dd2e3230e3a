import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import type { ChainNode } from '../../chain/node.js';
import type { PoolEventEntry } from '../../chain/pools/poolEvents.js';
import { requestPools } from '../../chain/pools/source.js';
import type { FIELDS, SourceBlock } from '../../chain/reading/source.js';
import { readTotalShares } from '../../store/read/pools/poolShares.js';
import type { BookingTarget, CommitWork, Desk } from '../desks/desk.js';
import { ofContract, troubleOf } from '../holding/contractTrouble.js';
import { poolDifference, saidThen } from './comparePool.js';
import type { IndexedPool } from './openDepositPools.js';
import { PoolBook } from './poolBook.js';

/** Depositors kept in memory over all pools before they are dropped and read again. */
const MAX_CACHED_DEPOSITORS = 200_000;

/** Keeps the shares of the pools of a chain. */
export class PoolDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[];
  private books: readonly PoolBook[] = [];

  constructor(
    private readonly node: ChainNode,
    private readonly pools: readonly IndexedPool[],
  ) {
    this.startBlock = Math.min(...pools.map((pool) => pool.startBlock));
    this.contractNumbers = pools.map((pool) => pool.number);
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestPools(processor, this.pools);
  }

  async open(db: ClientBase, height: number): Promise<void> {
    const block = Math.max(height, 0);
    const asOf = this.pools.map(({ number }) => ({ poolNumber: number, block }));
    const totals = await readTotalShares(db, asOf);
    this.books = this.pools.map((pool, index) => {
      const book = new PoolBook(pool, totals[index] ?? 0n);
      book.since.open(height);
      return book;
    });
  }

  async book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    let booked = 0;
    const last = blocks.at(-1);
    for (const book of this.books) {
      if (target.held.has(book.pool.contract.address)) continue;
      const work: { block: SourceBlock; entries: PoolEventEntry[] }[] = [];
      for (const block of blocks) {
        const entries = await inBlock(book, block, () => eventsOf(book, block));
        if (entries.length > 0) work.push({ block, entries });
      }
      const all = work.flatMap(({ entries }) => entries);
      if (all.length > 0) await book.load(target.db, all);
      for (const { block, entries } of work) {
        await inBlock(book, block, () => this.bookPool(book, block, entries, target));
      }
      booked += all.length;
      if (target.settle && last !== undefined) {
        await inBlock(book, last, () => this.checkAt(book, last));
      }
    }
    return booked;
  }

  takeCommitWork(): CommitWork {
    return async () => undefined;
  }

  get isLarge(): boolean {
    return this.books.reduce((sum, { size }) => sum + size, 0) > MAX_CACHED_DEPOSITORS;
  }

  allCommitted(): void {
    if (!this.isLarge) return;
    for (const book of this.books) book.clear();
  }

  private bookPool(
    book: PoolBook,
    { header }: SourceBlock,
    entries: readonly PoolEventEntry[],
    { chainId, rows }: BookingTarget,
  ): void {
    const { height, hash } = header;
    const timestamp = new Date(header.timestamp).toISOString();
    const before = rows.size;
    book.bookBlock({ number: height, timestamp }, entries, rows);
    if (rows.size > before) rows.block(chainId, height, hash, timestamp);
  }

  /**
   * Compares the shares of all depositors, and those of some that changed, with the pool's own views.
   *
   * @throws ContractTroubleError `POOL_SHARES_DIFFER`, from the block on that shows it first
   */
  private async checkAt(book: PoolBook, { header: { hash, height } }: SourceBlock): Promise<void> {
    const { contract, startBlock } = book.pool;
    const difference = book.unchecked.isEmpty ? null : await poolDifference(this.node, book, hash);
    if (difference === 'unknown') return;
    if (difference !== null) {
      const { address } = contract;
      const lastRight = await book.since.lastRight(address, startBlock, (block) =>
        saidThen(this.node, book, difference.of, block),
      );
      throw troubleOf(difference.error, { kind: 'pool', address }, height, lastRight);
    }
    book.unchecked.clear();
    book.since.compared(height);
  }
}

function eventsOf({ pool }: PoolBook, block: SourceBlock): PoolEventEntry[] {
  return block.header.height < pool.startBlock ? [] : pool.reader.eventsOf(block);
}

function inBlock<T>(
  { pool }: PoolBook,
  { header }: SourceBlock,
  work: () => Promise<T> | T,
): Promise<T> {
  return ofContract({ kind: 'pool', address: pool.contract.address }, header.height, work);
}
