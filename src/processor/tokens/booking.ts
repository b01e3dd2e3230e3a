import { type Address, ZERO_ADDRESS } from '../../address.js';
import { withCollections } from '../../chain/collection/collectionReceipts.js';
import { assertSamePolicy, upgradedIn } from '../../chain/contract/upgrade.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';
import { operationsOfBlock } from '../../chain/reading/blockOperations.js';
import type { OpenOrder } from '../../chain/reading/openOrder.js';
import type { Operation } from '../../chain/reading/operation.js';
import type { SourceBlock } from '../../chain/reading/source.js';
import { silentDestructions } from '../../chain/reading/untraced/silentDestructions.js';
import { findUntraced, type UntracedInBlock } from '../../chain/reading/untraced/untraced.js';
import type { BalanceCheck } from '../../chain/reading/untraced/untracedCauses.js';
import type { UntracedReceipt } from '../../chain/reading/untraced/untracedReceipt.js';
import { burnRates } from '../../ledger/apply.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import type { BookingTarget } from '../desks/desk.js';
import { BLOCKS_AT_ONCE, inTurns } from '../desks/inTurns.js';
import { ofContract, troubleOf } from '../holding/contractTrouble.js';
import type { BlockWork } from './blockWork.js';
import { netMovementWei } from './book/netMovement.js';
import type { BookedOperation, TermsOperation, TokenBook } from './book/tokenBook.js';
import type { TokenChanges } from './book/tokenChanges.js';
import { type ReserveAsset, reserveAssets } from './bookedAssets.js';
import { assertSameAssets, assetChecks, assetsToCheck } from './checks/assetChecks.js';
import type { CodeWatch } from './checks/codeWatch.js';
import { askFigures } from './checks/commitCheck.js';
import { foreseeCommit } from './checks/foreseeCommit.js';
import { largeHolders } from './checks/largeHolders.js';
import { rehearseChange } from './checks/rehearseChange.js';
import { proveOlderSnapshots, proveSnapshots } from './checks/snapshotProof.js';
import {
  holdersAtSnapshots,
  type SnapshotQuestion,
  snapshotQuestions,
} from './checks/snapshotQuestions.js';
import { learnedIn, withLearned } from './learnedWork.js';
import { afterAcceptance, whereSeen } from './order/assetOrder.js';
import { ClaimSums } from './order/claimSums.js';
import { provenOrder } from './order/orderProof.js';
import { isDeciding } from './order/placements.js';
import { assertPolicyHolds, assertTermsHold } from './terms/assertTerms.js';
import { findChanges } from './terms/findChanges.js';
import type { FoundChange } from './terms/foundChange.js';
import type { LearnedChanges } from './terms/termsChanged.js';

/** Tokens whose contracts are asked at the same time before a commit. */
const SETTLED_AT_ONCE = 16;

/**
 * Books a run of blocks.
 *
 * Where the target says `settle`, every token's balance is compared at the last block
 * too, so that the books are exact there.
 *
 * @param reserve gives a number to the books of an asset that a token accepts
 * @returns the number of operations booked.
 */
export async function bookBlocks(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  target: BookingTarget,
  {
    changes,
    collections,
    reserve,
    learned,
    code,
    say,
  }: {
    readonly changes: TokenChanges;
    readonly collections: ReadonlySet<string>;
    readonly reserve: ReserveAsset;
    readonly learned: LearnedChanges;
    readonly code: CodeWatch;
    readonly say: (line: string) => void;
  },
): Promise<number> {
  if (target.settle) foreseeCommit(node, books, blocks, code);
  await findChanges(node, books, blocks, { settle: target.settle, learned });
  const work = await orderOperations(node, books, blocks, collections, learned);
  await reserveAssets(node, work, reserve);
  await loadBalances(target.db, work);
  const actual = await actualBalances(node, books, work, target.settle);
  const questions: SnapshotQuestion[] = [];
  let operations = 0;
  for (const block of work) {
    for (const book of booksOf(block, actual)) {
      const found = block.byBook.get(book) ?? [];
      operations += found.length;
      const actualWei = actual.get(block)?.get(book);
      await inBlock(book, block.header, () =>
        bookToken(node, book, block, found, actualWei, { ...target, changes, questions }),
      );
    }
    for (const book of block.upgraded) {
      await inBlock(book, block.header, () =>
        rehearseChange(node, book, block.header, target, say),
      );
      await code.renew(book, block.header);
    }
  }
  const last = work.at(-1);
  if (target.compares && last !== undefined) {
    node.foresee((ahead) => askFigures(ahead, [...books.values()], last.header.number));
  }
  await proveSnapshots(node, questions, target.rows);
  if (target.settle && last !== undefined) {
    await checkAtEnd(node, [...books.values()], last.header, target, code);
  }
  for (const book of books.values()) {
    book.seen.settle();
    book.bookedBlock = blocks.at(-1)?.header.height ?? book.bookedBlock;
  }
  return operations;
}

/** The books are to be exact at the end of a block. */
async function checkAtEnd(
  node: ChainNode,
  books: readonly TokenBook[],
  header: BlockHeader,
  target: BookingTarget,
  code: CodeWatch,
): Promise<void> {
  await code.check(books, header, target);
  await inTurns(books, SETTLED_AT_ONCE, async (book) => {
    await proveOlderSnapshots(node, book, header, target);
    await inBlock(book, header, () => checkPolicy(node, book, header));
  });
}

function inBlock<T>(
  { token: { address } }: TokenBook,
  { number }: BlockHeader,
  work: () => Promise<T>,
): Promise<T> {
  return ofContract({ kind: 'token', address }, number, work);
}

/** Whose code changed in a block. */
function upgradedBooks(
  block: SourceBlock,
  books: ReadonlyMap<Address, TokenBook>,
  tokens: ReadonlySet<string>,
): readonly TokenBook[] {
  return [...upgradedIn(block, tokens)].flatMap((address) => {
    const book = books.get(address);
    // A proxy logs its first code too.
    return book === undefined || block.header.height <= book.token.startBlock ? [] : [book];
  });
}

async function orderOperations(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  collections: ReadonlySet<string>,
  learned: LearnedChanges,
): Promise<BlockWork[]> {
  const tokens = new Set<string>(books.keys());
  const sharing = new Set<string>();
  for (const [address, { token }] of books) {
    if (token.rules.policy.sharesAssets) sharing.add(address);
  }
  // A call tree takes a node as long as many blocks take us.
  const found = await inTurns(blocks, BLOCKS_AT_ONCE, async (block) => {
    const ordered = await operationsOfBlock(node, block, tokens, sharing, (error, address) =>
      troubleOf(error, { kind: 'token', address }, block.header.height),
    );
    const operations = await withCollections(node, block, ordered.operations, collections);
    return { block, ordered: { ...ordered, operations } };
  });
  const work: BlockWork[] = [];
  const context = { tokens, sums: new ClaimSums(), learned };
  for (const { block, ordered } of found) {
    work.push(await orderBlock(node, books, block, ordered, context));
  }
  return withLearned(node, books, work, learned);
}

async function orderBlock(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  block: SourceBlock,
  { operations: found, open: ordersOf }: Awaited<ReturnType<typeof operationsOfBlock>>,
  {
    tokens,
    sums,
    learned,
  }: {
    readonly tokens: ReadonlySet<string>;
    readonly sums: ClaimSums;
    readonly learned: LearnedChanges;
  },
): Promise<BlockWork> {
  const byBook = new Map<TokenBook, Operation[]>();
  const openOrders = new Map<TokenBook, readonly OpenOrder[]>();
  for (const [token, open] of ordersOf) {
    const book = books.get(token);
    if (book !== undefined) openOrders.set(book, open);
  }
  const { height: number, hash, timestamp: timestampMs } = block.header;
  const header = { number, hash, timestampMs };
  for (const [token, operations] of found) {
    const book = books.get(token);
    if (book === undefined || operations.length === 0) continue;
    const open = openOrders.get(book) ?? [];
    const split = await inBlock(book, header, () =>
      sums.split(node, book, number, operations, open),
    );
    byBook.set(book, split.operations);
    if (open.length > 0) openOrders.set(book, split.open);
  }
  const upgraded = learnedIn(books, learned, number);
  for (const book of upgradedBooks(block, books, tokens)) {
    upgraded.add(book);
    await inBlock(book, header, () => assertSamePolicy(node, book.subject, header));
  }
  const destructions = silentDestructions(block, tokens);
  return { header, byBook, upgraded, openOrders, destructions };
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
    const settles = settle && block === last;
    // Of hundreds of tokens, a block concerns a few.
    const concerned = settles ? books.values() : [...block.byBook.keys(), ...block.upgraded];
    for (const book of new Set(concerned)) {
      const operations = block.byBook.get(book) ?? [];
      const deployed = block.header.number >= book.token.startBlock;
      const isAsked = operations.some(movesPools) || block.upgraded.has(book);
      if (deployed && (isAsked || settles)) questions.push({ block, book });
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

/** Everything in ETH but a transfer between two holders changes pools or supply. */
function movesPools(operation: Operation): boolean {
  if (operation.kind === 'receipt') return operation.asset === null;
  return (
    operation.kind !== 'transfer' ||
    operation.from === ZERO_ADDRESS ||
    operation.to === ZERO_ADDRESS
  );
}

/** The tokens to look at in a block, in the order of their numbers. */
function booksOf(
  block: BlockWork,
  actual: ReadonlyMap<BlockWork, ReadonlyMap<TokenBook, bigint>>,
): TokenBook[] {
  const concerned = new Set([...block.byBook.keys(), ...(actual.get(block)?.keys() ?? [])]);
  return [...concerned].sort((one, other) => one.token.number - other.token.number);
}

async function bookToken(
  node: ChainNode,
  book: TokenBook,
  block: BlockWork,
  operations: readonly Operation[],
  actualWei: bigint | undefined,
  target: BookingTarget & {
    readonly changes: TokenChanges;
    /** About the snapshots taken, for `proveSnapshots`. */
    readonly questions: SnapshotQuestion[];
  },
): Promise<void> {
  const untraced: UntracedInBlock[] = [];
  const { token } = book;
  if (actualWei !== undefined && token.rules.policy.sharesEth) {
    untraced.push(...(await findUntraced(node, nativeCheck(book, block, operations, actualWei))));
    book.native.compared(block.header.number);
  }
  const settles = actualWei !== undefined && target.settle;
  const assets = assetsToCheck(book, operations, settles);
  for (const check of await assetChecks(node, book, block, operations, assets)) {
    untraced.push(...(await findUntraced(node, check)));
  }
  const snapshotsBefore = book.state.snapshots.length;
  const change = bookEarlier(book, block.header, untraced, target);
  const here = untraced.filter((found) => found.block.number === block.header.number);
  const receipts = here.map(({ receipt }) => receipt);
  const openMoney = receipts.find(({ when }) => when === 'open') ?? null;
  const arrange = (order: readonly Operation[]) => {
    const all = withUntraced(order, receipts);
    let arranged = afterAcceptance(book, all);
    for (const asset of assets) {
      const settled = book.assetBook(asset)?.state.balanceWei ?? 0n;
      arranged = whereSeen(token, block.header, arranged, asset, settled);
    }
    return arranged;
  };
  const ordered = await provenOrder(node, book, block, {
    operations,
    arrange,
    openMoney,
    change,
    db: target.db,
  });
  if (ordered.length > 0) {
    book.isPolicyCheckDue = true;
    const takesSnapshot = ordered.some(({ kind }) => kind === 'snapshot');
    const holders = takesSnapshot ? await largeHolders(target.db, book) : [];
    const holdersAt = holdersAtSnapshots(book, takesSnapshot ? ordered : [], holders);
    try {
      bookIn(book, block.header, ordered, target);
      target.questions.push(...snapshotQuestions(book, block.header, ordered, holdersAt));
    } catch (error) {
      // What does not add up by these terms may be right by others.
      await assertTermsHold(node, book, block.header);
      throw error;
    }
  }
  const isFirstSnapshot = snapshotsBefore === 0 && book.state.snapshots.length > 0;
  if (isFirstSnapshot) await checkPolicy(node, book, block.header);
  for (const asset of assets) {
    const assetBook = book.assetBook(asset);
    assetBook?.compared(block.header.number);
  }
  if (settles && token.rules.policy.sharesAssets) await assertSameAssets(node, book, block.header);
}

/**
 * Books what happened before a block and is only known now: money that no frame showed, and changes of
 * terms in blocks without operations.
 *
 * @returns the change of terms in the block itself
 */
function bookEarlier(
  book: TokenBook,
  { number }: BlockHeader,
  untraced: readonly UntracedInBlock[],
  target: BookingTarget & { readonly changes: TokenChanges },
): TermsOperation | null {
  const earlier = new Map<number, { header: BlockHeader; operations: BookedOperation[] }>();
  const add = (header: BlockHeader, operation: BookedOperation) => {
    const known = earlier.get(header.number) ?? { header, operations: [] };
    known.operations.push(operation);
    earlier.set(header.number, known);
  };
  for (const { block, receipt } of untraced) if (block.number < number) add(block, receipt);
  let here: TermsOperation | null = null;
  for (
    let change = book.changesToCome[0];
    change !== undefined && change.header.number <= number;
    change = book.changesToCome[0]
  ) {
    book.changesToCome.shift();
    if (change.header.number === number) here = termsOperation(change);
    else add(change.header, termsOperation(change));
  }
  const inOrder = [...earlier.values()].sort((a, b) => a.header.number - b.header.number);
  for (const { header, operations } of inOrder) bookIn(book, header, operations, target);
  return here;
}

function termsOperation({ terms, transaction }: FoundChange): TermsOperation {
  return {
    kind: 'terms',
    terms,
    transactionHash: transaction?.hash ?? null,
    transactionIndex: transaction?.index ?? null,
  };
}

/** Where it matters: at the first snapshot, and before a commit with operations of the token. */
async function checkPolicy(node: ChainNode, book: TokenBook, header: BlockHeader): Promise<void> {
  const { rules, state, assetBooks } = book;
  const pools = rules.policy.sharesEth ? state : assetBooks[0]?.state;
  // Without supply the revenue views divide by zero, and below zero they revert.
  if (book.isPolicyCheckDue && pools !== undefined && burnRates(rules, pools) !== null) {
    await assertPolicyHolds(node, book, header);
    book.isPolicyCheckDue = false;
  }
}

function nativeCheck(
  { token, native }: TokenBook,
  { header, destructions }: BlockWork,
  operations: readonly Operation[],
  actualWei: bigint,
): BalanceCheck {
  const settledWei = native.state.balanceWei;
  return {
    token,
    block: header,
    asset: null,
    settledWei,
    checkedBlock: native.checkedBlock,
    wasCompared: native.wasCompared,
    computedWei: settledWei + netMovementWei(operations, null),
    actualWei,
    hasOrder: operations.some(movesPools),
    deciding: new Set(operations.filter(isDeciding).map((decider) => decider.transactionIndex)),
    destructions: destructions.get(token.address) ?? [],
  };
}

function bookIn(
  book: TokenBook,
  header: BlockHeader,
  operations: readonly BookedOperation[],
  { chainId, rows, changes }: BookingTarget & { readonly changes: TokenChanges },
): void {
  const timestamp = new Date(header.timestampMs).toISOString();
  const before = rows.size;
  book.bookBlock({ number: header.number, timestamp }, operations, rows, changes);
  // Money in an asset that is not shared has no row.
  if (rows.size > before) rows.block(chainId, header.number, header.hash, timestamp);
}

/** Puts untraced money where it took effect among the block's operations. */
function withUntraced(
  operations: readonly Operation[],
  untraced: readonly UntracedReceipt[],
): readonly BookedOperation[] {
  if (untraced.length === 0) return operations;
  const placed: BookedOperation[] = untraced.filter(({ when }) => when === 'start');
  const tips = untraced
    .filter(({ when }) => when === 'after-transaction')
    .sort((a, b) => (a.transactionIndex ?? 0) - (b.transactionIndex ?? 0));
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
