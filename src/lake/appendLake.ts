import { randomUUID } from 'node:crypto';
import { readUnits } from '../export/columns/units.js';
import { readChainHeads } from '../store/read/chains/chainHeads.js';
import { readHashPoints, readLedgerHash } from '../store/read/chains/ledgerHashes.js';
import { newestBooked } from '../store/read/chains/newestBooked.js';
import type { Queryable } from '../store/read/query/queryable.js';
import { assertHistory, type ChainNow } from './history/assertHistory.js';
import { type BookedRange, bookKey, EMPTY_HASH, readBookedRange } from './history/bookHashes.js';
import { countBooked, dayAt, endOfStep } from './history/chainBlocks.js';
import { type LakeBook, readLakeBooks } from './history/lakeBooks.js';
import { type BookGroup, nextGroup } from './history/nextGroup.js';
import { tokensDigest } from './history/receivers.js';
import { booksChanged, columnsChanged, rowsDiffer } from './lakeErrors.js';
import type { LakeBookState, LakeChainState, LakeFile, LakeManifest } from './lakeManifest.js';
import type { LakeStore } from './lakeStore.js';
import { LAKE_TABLES, lakeColumns } from './lakeTables.js';
import { writeTable } from './write/writeTable.js';

/** Blocks with bookings that are written in one commit: 100,000 rows or so. */
export const LAKE_BLOCKS_AT_ONCE = 20_000;

export interface AppendOptions {
  readonly databaseUrl: string;
  readonly blocksAtOnce: number;
  readonly signal: AbortSignal;
  /** Blocks with bookings so far, and how many there are to write. */
  readonly onProgress: (progress: AppendProgress) => void;
}

export interface AppendProgress {
  readonly chainId: number;
  readonly block: number;
  readonly done: number;
  readonly total: number;
}

/** What a run has written. */
export interface Appended {
  readonly rows: number;
  readonly files: number;
  /** Chains that have no final block with a ledger hash yet. */
  readonly unhashed: readonly number[];
}

/**
 * Appends all final rows that the lake does not have yet, in steps of some blocks: each is a commit.
 *
 * @throws ImoError `LAKE_COLUMNS_CHANGED`, `LAKE_AHEAD`, `LAKE_HISTORY_CHANGED`, `LAKE_BOOKS_CHANGED`,
 *   `LAKE_ROWS_DIFFER`, `LAKE_OTHER_WRITER`, or what an export throws
 */
export async function appendLake(
  db: Queryable,
  store: LakeStore,
  options: AppendOptions,
): Promise<Appended> {
  assertSameColumns(store.manifest);
  const points = await readHashPoints(db);
  const total = { rows: 0, files: 0 };
  const unhashed: number[] = [];
  for (const { chainId, finalizedBlock } of (await readChainHeads(db)).values()) {
    const point = points.get(chainId);
    if (point === undefined) {
      unhashed.push(chainId);
      continue;
    }
    const block = Math.min(point.block, finalizedBlock);
    const { rows, files } = await appendChain(db, store, chainId, block, options);
    total.rows += rows;
    total.files += files;
  }
  return { ...total, unhashed };
}

async function appendChain(
  db: Queryable,
  store: LakeStore,
  chainId: number,
  block: number,
  options: AppendOptions,
): Promise<{ rows: number; files: number }> {
  const { signal, onProgress } = options;
  const now: ChainNow = { chainId, block, books: await readLakeBooks(db, chainId) };
  await assertHistory(db, store.manifest, now);
  const written = { rows: 0, files: 0 };
  let done = 0;
  let total: number | null = null;
  for (;;) {
    signal.throwIfAborted();
    const group = nextGroup(store.manifest, now);
    if (group === null) return written;
    total ??= await countBooked(db, chainId, { fromBlock: group.fromBlock, toBlock: block });
    const toBlock = await endOfStep(db, chainId, group, options.blocksAtOnce);
    const step = { ...group, toBlock };
    const files = await appendStep(db, store, now, step, options);
    written.files += files.length;
    written.rows += files.reduce((sum, { rows }) => sum + rows, 0);
    done += await countBooked(db, chainId, step);
    onProgress({ chainId, block: toBlock, done: Math.min(done, total), total });
  }
}

/** Writes the rows of some books in some blocks, and commits them. */
async function appendStep(
  db: Queryable,
  store: LakeStore,
  now: ChainNow,
  group: BookGroup,
  options: AppendOptions,
): Promise<readonly LakeFile[]> {
  const { chainId } = now;
  const { books, fromBlock, toBlock } = group;
  const before = await readLedgerHash(db, chainId, toBlock);
  const states = new Map(
    store.manifest.books
      .filter((book) => book.chainId === chainId)
      .map((book) => [bookKey(book), book.hash]),
  );
  const range = { after: fromBlock - 1, upTo: toBlock };
  const booked = await readBookedRange(db, chainId, books, states, range);
  const attempt = randomUUID().slice(0, 13);
  const files = await writeTables(db, store, group, booked, { ...options, chainId, attempt });
  const chain = await chainAt(db, store.manifest, chainId, toBlock);
  const after = await readLedgerHash(db, chainId, toBlock);
  if (after?.hash !== before?.hash || !(await hasBooks(db, chainId, books))) {
    throw booksChanged(chainId);
  }
  await store.commit({
    chains: replaced(store.manifest.chains, chain, (one) => one.chainId === chainId),
    books: books.reduce<readonly LakeBookState[]>(
      (all, book) => replaced(all, stateOf(book, chainId, toBlock, booked), isBook(book, chainId)),
      store.manifest.books,
    ) as LakeBookState[],
    units: [...(await readUnits(db, (await readChainHeads(db)).keys())).values()],
    files: [...store.manifest.files, ...files],
    staged: { attempt, paths: files.map(({ path }) => path) },
  });
  return files;
}

async function writeTables(
  db: Queryable,
  { place }: LakeStore,
  { books, fromBlock, toBlock }: BookGroup,
  { rows }: BookedRange,
  options: AppendOptions & { readonly chainId: number; readonly attempt: string },
): Promise<LakeFile[]> {
  const { chainId } = options;
  const step = {
    chainId,
    fromBlock,
    toBlock,
    numbers: books.map(({ number }) => number),
    wholeDays: {
      after: await dayAt(db, chainId, fromBlock - 1),
      before: await dayAt(db, chainId, toBlock),
    },
  };
  const files: LakeFile[] = [];
  for (const table of LAKE_TABLES) {
    const counts = rows.get(table.stored);
    if (counts === undefined) continue;
    const written = await writeTable(table, step, { ...options, place });
    const booked = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const found = written.reduce((sum, file) => sum + file.rows, 0);
    if (booked !== found) throw rowsDiffer(table.dataset.name, booked, found);
    files.push(...written);
  }
  return files;
}

/** @throws ImoError `LAKE_COLUMNS_CHANGED` */
function assertSameColumns({ columns, files }: LakeManifest): void {
  if (files.length === 0) return;
  const now = lakeColumns();
  const different = Object.keys({ ...columns, ...now }).filter(
    (table) => JSON.stringify(columns[table]) !== JSON.stringify(now[table]),
  );
  if (different.length > 0) throw columnsChanged(different);
}

/** Whether the database still has these books, with the same numbers. */
async function hasBooks(db: Queryable, chainId: number, books: readonly LakeBook[]) {
  const numbers = new Map((await readLakeBooks(db, chainId)).map((book) => [bookKey(book), book]));
  return books.every((book) => numbers.get(bookKey(book))?.number === book.number);
}

async function chainAt(
  db: Queryable,
  manifest: LakeManifest,
  chainId: number,
  toBlock: number,
): Promise<LakeChainState> {
  const known = manifest.chains.find((chain) => chain.chainId === chainId);
  const block = Math.max(toBlock, known?.block ?? -1);
  const hash = await readLedgerHash(db, chainId, block);
  return {
    chainId,
    block,
    booked: await newestBooked(db, chainId, block),
    ledgerHash: hash === null ? null : { block: hash.block, hash: hash.hash },
    tokens: await tokensDigest(db, chainId),
  };
}

function stateOf(
  book: LakeBook,
  chainId: number,
  block: number,
  { hashes }: BookedRange,
): LakeBookState {
  const { number, kind, address, asset } = book;
  const hash = hashes.get(bookKey(book)) ?? EMPTY_HASH;
  return { chainId, number, kind, address, asset, block, hash };
}

function isBook(book: LakeBook, chainId: number): (state: LakeBookState) => boolean {
  return (state) => state.chainId === chainId && bookKey(state) === bookKey(book);
}

function replaced<Item>(
  items: readonly Item[],
  item: Item,
  isSame: (one: Item) => boolean,
): Item[] {
  return [...items.filter((one) => !isSame(one)), item];
}
