import { type Address, ZERO_ADDRESS } from '../address.js';
import type { BlockHeader, ChainNode } from '../chain/node.js';
import type { Operation } from '../chain/operation.js';
import type { SourceBlock } from '../chain/source.js';
import type { SqlClient } from '../store/sqlClient.js';
import { operationsOfBlock } from './blockOperations.js';
import { withCollections } from './collectionReceipts.js';
import type { BookingTarget } from './desk.js';
import type { TokenBook } from './tokenBook.js';
import type { TokenChanges } from './tokenChanges.js';
import { findUntraced, type UntracedInBlock, type UntracedReceipt } from './untraced.js';

interface BlockWork {
  readonly header: BlockHeader;
  readonly proposer: string;
  readonly byBook: Map<TokenBook, Operation[]>;
}

/**
 * Books a run of blocks.
 *
 * Where the target says `settle`, every token's balance is compared at the last block
 * too, so that the books are exact there.
 *
 * @returns the number of operations booked.
 */
export async function bookBlocks(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  target: BookingTarget,
  changes: TokenChanges,
  collections: ReadonlySet<string>,
): Promise<number> {
  const work = await orderOperations(node, books, blocks, collections);
  await loadBalances(target.db, work);
  const actual = await actualBalances(node, books, work, target.settle);
  let operations = 0;
  for (const block of work) {
    for (const book of booksOf(block, books, actual)) {
      const found = block.byBook.get(book) ?? [];
      operations += found.length;
      await bookToken(node, book, block, found, actual.get(block)?.get(book), {
        ...target,
        changes,
      });
    }
  }
  return operations;
}

async function orderOperations(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  collections: ReadonlySet<string>,
): Promise<BlockWork[]> {
  const tokens = new Set<string>(books.keys());
  const work: BlockWork[] = [];
  for (const block of blocks) {
    const byBook = new Map<TokenBook, Operation[]>();
    const ordered = await operationsOfBlock(node, block, tokens);
    const found = await withCollections(node, block, ordered, collections);
    for (const [token, operations] of found) {
      const book = books.get(token);
      if (book !== undefined && operations.length > 0) byBook.set(book, operations);
    }
    const { height: number, hash, timestamp: timestampMs, miner } = block.header;
    work.push({ header: { number, hash, timestampMs }, proposer: miner, byBook });
  }
  return work;
}

async function loadBalances(db: SqlClient, work: readonly BlockWork[]): Promise<void> {
  const accounts = new Map<TokenBook, Set<Address>>();
  for (const { byBook } of work) {
    for (const [book, operations] of byBook) {
      if (book.balances.isComplete) continue;
      let wanted = accounts.get(book);
      if (wanted === undefined) {
        wanted = new Set();
        accounts.set(book, wanted);
      }
      for (const operation of operations) {
        if (operation.kind !== 'transfer') continue;
        wanted.add(operation.from);
        wanted.add(operation.to);
      }
    }
  }
  for (const [book, wanted] of accounts) await book.balances.load(db, wanted);
}

/** `eth_getBalance` wherever it matters, in one batch. */
async function actualBalances(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  work: readonly BlockWork[],
  settle: boolean,
): Promise<Map<BlockWork, Map<TokenBook, bigint>>> {
  const last = work.at(-1);
  const questions: { block: BlockWork; book: TokenBook }[] = [];
  for (const block of work) {
    for (const book of books.values()) {
      const operations = block.byBook.get(book) ?? [];
      const deployed = block.header.number >= book.token.startBlock;
      if (deployed && (operations.some(movesPools) || (settle && block === last))) {
        questions.push({ block, book });
      }
    }
  }
  const answers =
    questions.length === 0
      ? []
      : await node.balances(
          questions.map(({ block, book }) => ({
            address: book.token.address,
            block: { hash: block.header.hash },
          })),
        );
  const actual = new Map<BlockWork, Map<TokenBook, bigint>>();
  questions.forEach(({ block, book }, index) => {
    const balanceWei = answers[index];
    if (balanceWei === undefined) return;
    const byBook = actual.get(block) ?? new Map<TokenBook, bigint>();
    actual.set(block, byBook.set(book, balanceWei));
  });
  return actual;
}

/** Everything but a transfer between two holders changes pools or supply. */
function movesPools(operation: Operation): boolean {
  return (
    operation.kind !== 'transfer' ||
    operation.from === ZERO_ADDRESS ||
    operation.to === ZERO_ADDRESS
  );
}

/** The tokens to look at in a block, in a fixed order. */
function* booksOf(
  block: BlockWork,
  books: ReadonlyMap<Address, TokenBook>,
  actual: ReadonlyMap<BlockWork, ReadonlyMap<TokenBook, bigint>>,
): Generator<TokenBook> {
  for (const book of books.values()) {
    if (block.byBook.has(book) || actual.get(block)?.has(book)) yield book;
  }
}

async function bookToken(
  node: ChainNode,
  book: TokenBook,
  block: BlockWork,
  operations: readonly Operation[],
  actualWei: bigint | undefined,
  target: BookingTarget & { readonly changes: TokenChanges },
): Promise<void> {
  let untraced: UntracedInBlock[] = [];
  if (actualWei !== undefined) {
    untraced = await findUntraced(node, {
      book,
      block: block.header,
      proposer: block.proposer,
      computedWei: book.state.balanceWei + netMovementWei(operations),
      actualWei,
    });
    book.checkedBlock = block.header.number;
  }
  for (const { block: earlier, receipt } of untraced) {
    if (earlier.number < block.header.number) bookIn(book, earlier, [receipt], target);
  }
  const here = untraced.filter((found) => found.block.number === block.header.number);
  const all = withUntraced(
    operations,
    here.map(({ receipt }) => receipt),
  );
  if (all.length > 0) bookIn(book, block.header, all, target);
}

function bookIn(
  book: TokenBook,
  header: BlockHeader,
  operations: readonly (Operation | UntracedReceipt)[],
  { chainId, rows, changes }: BookingTarget & { readonly changes: TokenChanges },
): void {
  const timestamp = new Date(header.timestampMs).toISOString();
  rows.block(chainId, header.number, header.hash, timestamp);
  book.bookBlock({ number: header.number, timestamp }, operations, rows, changes);
}

/** What the frames of a block did to the token's ETH, in wei. */
function netMovementWei(operations: readonly Operation[]): bigint {
  let net = 0n;
  for (const operation of operations) {
    if (operation.kind === 'receipt') net += operation.amountWei;
    else if (operation.kind === 'claim') net -= operation.amountWei;
    else if (operation.kind === 'redemption') net -= operation.paidWei;
  }
  return net;
}

/** Puts untraced money where it took effect among the block's operations. */
function withUntraced(
  operations: readonly Operation[],
  untraced: readonly UntracedReceipt[],
): readonly (Operation | UntracedReceipt)[] {
  if (untraced.length === 0) return operations;
  const placed: (Operation | UntracedReceipt)[] = untraced.filter(({ when }) => when === 'start');
  const tips = untraced.filter(({ when }) => when === 'after-transaction');
  for (const operation of operations) {
    for (
      let tip = tips[0];
      tip !== undefined && (tip.transactionIndex ?? 0) < operation.transactionIndex;
      tip = tips[0]
    ) {
      placed.push(tip);
      tips.shift();
    }
    placed.push(operation);
  }
  placed.push(...tips, ...untraced.filter(({ when }) => when === 'end'));
  return placed;
}
