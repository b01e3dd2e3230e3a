import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import { checksummed } from '../../address.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';
import { transactionRecords } from '../../chain/reading/records.js';
import type { FIELDS, SourceBlock, SourceTrace } from '../../chain/reading/source.js';
import type { SaleEntry } from '../../chain/sales/entry.js';
import { requestSales } from '../../chain/sales/source.js';
import { ImoError } from '../../errors.js';
import { readNewestBalances } from '../../store/read/journal/accountBalances.js';
import { EMPTY_SALE_VERSION, readSaleVersions } from '../../store/read/sales/saleVersions.js';
import type { BookingTarget, CommitWork, Desk } from '../desks/desk.js';
import { SinceCheck } from '../desks/sinceCheck.js';
import { ofContract, troubleOf } from '../holding/contractTrouble.js';
import { ContractJournal } from '../tokens/book/contractJournal.js';
import type { IndexedSale } from './openSales.js';
import { SaleBook } from './saleBook.js';
import { firstBlockAt } from './saleEnd.js';

/** Participations kept in memory over all sales before they are dropped and read again. */
const MAX_CACHED_PARTICIPATIONS = 100_000;

/** Keeps the books of the sales of a chain. */
export class SaleDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[];
  private readonly addresses: ReadonlySet<string>;
  private readonly withFrames: ReadonlySet<string>;
  private books: readonly SaleBook[] = [];
  private readonly since = new SinceCheck();

  constructor(
    private readonly node: ChainNode,
    private readonly sales: readonly IndexedSale[],
  ) {
    this.startBlock = Math.min(...sales.map((sale) => sale.startBlock));
    this.contractNumbers = sales.map((sale) => sale.number);
    this.addresses = new Set(sales.map(({ contract }) => contract.address));
    this.withFrames = new Set(
      sales.filter(({ adapter }) => adapter.needsFrames).map(({ contract }) => contract.address),
    );
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestSales(processor, this.sales);
  }

  async open(db: ClientBase, height: number): Promise<void> {
    const block = Math.max(height, 0);
    this.since.open(height);
    const asOf = this.sales.map(({ number }) => ({ saleNumber: number, block }));
    const versions = await readSaleVersions(db, asOf);
    const balances = await readNewestBalances(db, this.contractNumbers, block);
    this.books = this.sales.map((sale, index) => {
      const journal = new ContractJournal(sale.number, balances.get(sale.number) ?? []);
      const book = new SaleBook(sale, versions[index] ?? EMPTY_SALE_VERSION, journal);
      book.assertJournal();
      return book;
    });
  }

  async book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    const books = this.books.filter(({ sale }) => !target.held.has(sale.contract.address));
    const work: { block: SourceBlock; entries: Map<SaleBook, SaleEntry[]> }[] = [];
    for (const block of blocks) work.push({ block, entries: await this.entriesOf(block, books) });
    for (const book of books) {
      const accounts = work.flatMap(({ entries }) =>
        (entries.get(book) ?? []).flatMap(({ participant }) => participant ?? []),
      );
      await book.load(target.db, accounts);
    }
    let booked = 0;
    for (const { block, entries } of work) {
      for (const book of books) {
        const found = entries.get(book) ?? [];
        await inBlock(book, block, () => this.bookSale(book, block, found, target));
        booked += found.length;
      }
    }
    const last = blocks.at(-1);
    if (target.settle && last !== undefined) {
      for (const book of books) await inBlock(book, last, () => this.checkAt(book, last));
      this.since.compared(last.header.height);
    }
    return booked;
  }

  takeCommitWork(): CommitWork {
    return async () => undefined;
  }

  get isLarge(): boolean {
    return this.books.reduce((sum, { size }) => sum + size, 0) > MAX_CACHED_PARTICIPATIONS;
  }

  allCommitted(): void {
    if (!this.isLarge) return;
    for (const book of this.books) book.clear();
  }

  private async entriesOf(
    block: SourceBlock,
    books: readonly SaleBook[],
  ): Promise<Map<SaleBook, SaleEntry[]>> {
    const found = new Map<SaleBook, SaleEntry[]>();
    const isWanted = (trace: SourceTrace) => this.isSaleFrame(trace);
    for (const record of transactionRecords(block, this.addresses, isWanted)) {
      for (const book of books) {
        const { adapter, startBlock } = book.sale;
        if (block.header.height < startBlock) continue;
        const entries = await inBlock(book, block, () => adapter.entriesOf(record));
        if (entries.length > 0) found.set(book, [...(found.get(book) ?? []), ...entries]);
      }
    }
    return found;
  }

  /**
   * Compares what was paid in with what the contract says, where it has a view for it.
   *
   * @throws ContractTroubleError `SALE_TOTAL_DIFFERS` from the block on that shows it first
   */
  private async checkAt(book: SaleBook, { header: { hash, height } }: SourceBlock): Promise<void> {
    const { contract, adapter, startBlock } = book.sale;
    const { raisedView } = adapter;
    if (raisedView === null || !book.isUnchecked) return;
    const { address } = contract;
    const answer = await this.node.view(address, raisedView, { hash });
    if (answer === null || BigInt(answer) !== book.raised) {
      const error = new ImoError(
        'SALE_TOTAL_DIFFERS',
        `sale ${checksummed(address)} says that it raised ${answer === null ? 'nothing' : BigInt(answer)}, ` +
          `the books say ${book.raised} (block ${hash})`,
        'It counts deposits that its calls do not show; describe it as `kind: custom`.',
      );
      const lastRight = await this.since.lastRight(address, startBlock, async (block) => {
        const then = await this.node.view(address, raisedView, block);
        return then === null ? 'nothing' : String(BigInt(then));
      });
      throw troubleOf(error, { kind: 'sale', address }, height, lastRight);
    }
    book.isUnchecked = false;
  }

  private isSaleFrame(trace: SourceTrace): boolean {
    if (trace.type !== 'call' || trace.action.callType !== 'call') return false;
    return this.withFrames.has(trace.action.to) || this.withFrames.has(trace.action.from);
  }

  private async bookSale(
    book: SaleBook,
    { header }: SourceBlock,
    entries: readonly SaleEntry[],
    target: BookingTarget,
  ): Promise<void> {
    const block = { number: header.height, hash: header.hash, timestampMs: header.timestamp };
    let isFirstAfterEnd = false;
    const { startBlock, endsAt } = book.sale;
    if (endsAt !== null && block.number >= startBlock && book.endsBy(block.timestampMs)) {
      const end = await firstBlockAt(this.node, endsAt, startBlock, block);
      isFirstAfterEnd = end.number === block.number;
      if (!isFirstAfterEnd) bookIn(book, end, [], true, target);
    }
    if (isFirstAfterEnd || entries.length > 0) {
      bookIn(book, block, entries, isFirstAfterEnd, target);
    }
    if (entries.length === 0 || book.sale.adapter.raisedView === null) return;
    this.since.note(book.sale.contract.address, block.number, String(book.raised));
  }
}

function inBlock<T>(
  { sale }: SaleBook,
  { header }: SourceBlock,
  work: () => Promise<T> | T,
): Promise<T> {
  return ofContract({ kind: 'sale', address: sale.contract.address }, header.height, work);
}

function bookIn(
  book: SaleBook,
  { number, hash, timestampMs }: BlockHeader,
  entries: readonly SaleEntry[],
  isFirstAfterEnd: boolean,
  { chainId, rows }: BookingTarget,
): void {
  const timestamp = new Date(timestampMs).toISOString();
  const before = rows.size;
  book.bookBlock({ number, timestamp }, entries, isFirstAfterEnd, rows);
  if (rows.size > before) rows.block(chainId, number, hash, timestamp);
}
