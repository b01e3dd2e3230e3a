import { functions } from '../../../abi/erc7641.js';
import type { Address } from '../../../address.js';
import { mappingSlot } from '../../../audit/questions/mappingSlot.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import { MOST_ORDERS, ordersOf, unprovenOrder } from '../../../chain/reading/openOrder.js';
import type { Operation } from '../../../chain/reading/operation.js';
import type { UntracedReceipt } from '../../../chain/reading/untraced/untracedReceipt.js';
import type { ImoError } from '../../../errors.js';
import { isOpen, type TokenRules } from '../../../ledger/apply.js';
import { redeemableWei, snapshotShareWei } from '../../../ledger/entitlement.js';
import { LedgerError } from '../../../ledger/errors.js';
import { EMPTY_POOLS, lastSnapshotId, type PoolState } from '../../../ledger/state.js';
import { shareSame } from '../../../ledger/terms.js';
import type { SqlClient } from '../../../store/database/sqlClient.js';
import type { BlockWork } from '../blockWork.js';
import type { BookedOperation, TermsOperation, TokenBook } from '../book/tokenBook.js';
import { type LargeHolder, largeHolders } from '../checks/largeHolders.js';
import { isByTransaction, termsPlacements } from '../terms/placement.js';
import { ordersWithMoney, orNothing, unplacedMoney } from './moneyPlaces.js';
import { type Replay, replay } from './replay.js';

/** An order that the payments of the contract allow, and what the books would be by it. */
interface Candidate {
  readonly operations: readonly BookedOperation[];
  readonly pools: PoolState;
  readonly result: Replay;
}

/**
 * The operations of a block in the order that is proven.
 *
 * @param arrange puts money that no frame brought between the operations, where its place is known
 * @param openMoney such money whose place only the amounts of the block can prove
 * @param change of the terms in the block, whose place only the amounts can prove
 * @throws ImoError `CHAIN_ORDER_UNPROVEN` if neither call trees nor amounts prove one,
 *   `CHAIN_MONEY_UNPLACED` if nothing proves where the money came
 */
export async function provenOrder(
  node: ChainNode,
  book: TokenBook,
  { header, openOrders }: BlockWork,
  {
    operations,
    arrange,
    openMoney,
    change,
    db,
  }: {
    readonly operations: readonly Operation[];
    readonly arrange: (order: readonly Operation[]) => readonly BookedOperation[];
    readonly openMoney: UntracedReceipt | null;
    readonly change: TermsOperation | null;
    readonly db: SqlClient;
  },
): Promise<readonly BookedOperation[]> {
  const open = openOrders.get(book) ?? [];
  if (open.length === 0 && openMoney === null && change === null) return arrange(operations);
  const unproven = (reason: string) =>
    unprovenOrder(node, book.token.address, header.number, [
      ...open.map(({ transactionHash, asked }) => ({ transactionHash, asked, reason })),
      ...(change === null ? [] : [unplacedChange(change, reason)]),
    ]);
  const orders = ordersOf(operations, open)?.map(arrange);
  const { terms } = book.rules;
  const arranged = orders?.flatMap((order) => termsPlacements(order, change, terms));
  if (arranged === undefined || arranged.length > MOST_ORDERS) {
    throw unproven('too many orders are possible');
  }
  const [first, ...others] = arranged;
  // No amount depends on the place of the change.
  const isCertain = others.length === 0 && open.length === 0 && openMoney === null;
  if (first !== undefined && isCertain) return first;
  const holders = await largeHolders(db, book);
  if (openMoney === null) {
    return orderByAmounts(node, book, header, arranged, { holders, change, unproven });
  }
  if (change !== null && !shareSame(terms, change.terms)) {
    throw unproven('money without a call frame came in the same block');
  }
  const unplaced = (reason: string) => unplacedMoney(node, book, header, openMoney, reason);
  const money = { receipt: openMoney, holders };
  const placed = await ordersWithMoney(node, book, header, arranged, money);
  if (placed === null) throw unplaced('too many places are possible');
  return orderByAmounts(node, book, header, placed, { holders, change, unproven: unplaced });
}

/**
 * Proves the order of a block's operations by amounts, where no call tree proves it: only one of
 * the possible orders gives what the contract paid, and what it says at the end of the block.
 * Orders with the same figures are one.
 *
 * @param orders every order that is possible; the first is the most likely
 * @throws what `unproven` makes of the reason, if not exactly one order is left
 */
async function orderByAmounts(
  node: ChainNode,
  book: TokenBook,
  block: BlockHeader,
  orders: readonly (readonly BookedOperation[])[],
  {
    holders,
    change,
    unproven,
  }: {
    readonly holders: readonly LargeHolder[];
    readonly change: TermsOperation | null;
    readonly unproven: (reason: string) => ImoError;
  },
): Promise<readonly BookedOperation[]> {
  const candidates = possible(book, orders, holders);
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0) return first.operations;
  const told = { holders, change };
  const left = first === undefined ? [] : await agreeing(node, book, block, candidates, told);
  const [only, ...more] = left;
  if (only !== undefined && more.length === 0) return only.operations;
  const standing = left.filter(({ operations }) => isByTransaction(operations, change));
  const [one, ...rest] = standing;
  if (one !== undefined && rest.length === 0) return one.operations;
  const fits = (count: number) => (count === 0 ? 'none fits' : `${count} fit`);
  throw unproven(
    candidates.length === 0
      ? `of ${orders.length} possible orders none fits what the contract paid`
      : `of ${orders.length} possible orders ${fits(left.length)} what the contract paid and says`,
  );
}

function unplacedChange({ transactionHash }: TermsOperation, reason: string) {
  const asked = ['the terms of the contract changed in this block'];
  return { transactionHash: transactionHash ?? 'not known', asked, reason };
}

/** The orders that the contract can have run, one for each result. */
function possible(
  book: TokenBook,
  orders: readonly (readonly BookedOperation[])[],
  holders: readonly LargeHolder[],
): Candidate[] {
  const known = new Map(holders.map(({ account, balance }) => [account, balance]));
  const balanceOf = (account: Address) =>
    known.get(account) ?? (book.balances.has(account) ? book.balances.of(account).balance : null);
  const found = new Map<string, Candidate>();
  for (const operations of orders) {
    try {
      const result = replay(book, operations, balanceOf);
      const figures = fingerprint(result);
      if (found.has(figures)) continue;
      found.set(figures, { operations, result, pools: result.pools.get(null) ?? EMPTY_POOLS });
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
    }
  }
  return [...found.values()];
}

function fingerprint({ pools }: Replay): string {
  return JSON.stringify([...pools], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/** A question to the contract, and what each candidate would have it answer. */
interface Question {
  readonly data: string;
  readonly expected: readonly bigint[];
}

/** The candidates by which the contract says at the end of the block what it says. */
async function agreeing(
  node: ChainNode,
  book: TokenBook,
  { hash }: BlockHeader,
  candidates: readonly Candidate[],
  {
    holders,
    change,
  }: { readonly holders: readonly LargeHolder[]; readonly change: TermsOperation | null },
): Promise<readonly Candidate[]> {
  const { address } = book.token;
  const { policy, terms } = book.rules;
  const rules = { policy, terms: change?.terms ?? terms };
  const questions = questionsTo(rules, candidates, holders);
  const calls = questions.map(({ data }) => ({ to: address, data }));
  const answers = calls.length === 0 ? [] : await orNothing(() => node.views(calls, { hash }));
  const byViews = candidates.filter((_, candidate) =>
    questions.every(({ expected }, index) => {
      const answer = answers[index];
      return answer != null && answer.length === 66 && BigInt(answer) === expected[candidate];
    }),
  );
  if (byViews.length <= 1) return byViews;
  return agreeingWithStorage(node, book, hash, byViews);
}

function questionsTo(
  rules: TokenRules,
  candidates: readonly Candidate[],
  holders: readonly LargeHolder[],
): Question[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const questions: Question[] = [];
  const { views } = rules.policy;
  const lastId = lastSnapshotId(first.pools);
  for (const [snapshotId, changed] of first.result.balancesAt) {
    if (!views.includes('claimableRevenue(address,uint256)')) continue;
    if (!isOpen(rules.terms, snapshotId, lastId)) continue;
    const accounts = new Map([
      ...holders.map(({ account, balance }) => [account, balance] as const),
      ...changed,
    ]);
    for (const [account, balance] of accounts) {
      if (balance <= 0n || hasClaimed(first.operations, account, snapshotId)) continue;
      const data = functions.claimableRevenue.encode({ account, snapshotId: BigInt(snapshotId) });
      const expected = candidates.map(({ pools }) => {
        const pool = pools.snapshots[snapshotId - 1];
        return pool === undefined ? 0n : snapshotShareWei(pool, balance);
      });
      questions.push({ data, expected });
    }
  }
  const differing = questions.filter(({ expected }) => new Set(expected).size > 1);
  return [...differing, ...burnQuestions(rules, candidates)];
}

/**
 * What burning some of the supply would pay: both pools are rounded down by themselves, so that some
 * amounts tell apart what the whole supply does not. Each of the questions separates candidates that
 * those before it did not.
 */
function burnQuestions(rules: TokenRules, candidates: readonly Candidate[]): Question[] {
  const supply = candidates[0]?.pools.supply ?? 0n;
  if (supply === 0n || !rules.policy.views.includes('redeemableOnBurn(uint256)')) return [];
  const questions: Question[] = [];
  let classes = candidates.map(() => '');
  for (const amount of burnAmounts(supply)) {
    const expected = candidates.map(({ pools }) => redeemableWei(rules, pools, amount));
    const finer = classes.map((before, index) => `${before} ${expected[index]}`);
    if (new Set(finer).size === new Set(classes).size) continue;
    classes = finer;
    questions.push({ data: functions.redeemableOnBurn.encode({ amount }), expected });
  }
  return questions;
}

function burnAmounts(supply: bigint): Set<bigint> {
  const amounts = [supply];
  for (let part = 2n; part <= 20n; part++)
    amounts.push(supply / part, supply - supply / part, part);
  return new Set(amounts.filter((amount) => amount > 0n && amount <= supply));
}

function hasClaimed(
  operations: readonly BookedOperation[],
  account: Address,
  snapshotId: number,
): boolean {
  return operations.some(
    (operation) =>
      operation.kind === 'claim' &&
      operation.holder === account &&
      operation.snapshotId === BigInt(snapshotId),
  );
}

/** What the contract stores as claimable and in its redeem pool, where its layout may be a known one. */
async function agreeingWithStorage(
  node: ChainNode,
  { token: { address, rules } }: TokenBook,
  hash: string,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const { storage: layout } = rules.policy;
  const ids = [...(candidates[0]?.result.balancesAt.keys() ?? [])];
  if (layout === null || ids.length === 0) return candidates;
  const slots = [layout.redeemPool, ...ids.map((id) => mappingSlot(layout.claimable, id))];
  const [redeemPoolWei, ...words] = await orNothing(() =>
    node.storageWords(
      slots.map((slot) => ({ address, slot })),
      { hash },
    ),
  );
  const fitting = candidates.filter(
    ({ pools }) =>
      pools.redeemPoolWei === redeemPoolWei &&
      ids.every((id, index) => pools.snapshots[id - 1]?.claimableWei === words[index]),
  );
  // Another layout has something else there, which proves nothing.
  return fitting.length === 0 ? candidates : fitting;
}
