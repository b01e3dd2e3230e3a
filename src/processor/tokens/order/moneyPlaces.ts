import { functions } from '../../../abi/erc7641.js';
import { type Address, checksummed } from '../../../address.js';
import { mappingSlot } from '../../../audit/questions/mappingSlot.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import type { UntracedReceipt } from '../../../chain/reading/untraced/untracedReceipt.js';
import { isWithoutState } from '../../../chain/withoutState.js';
import { ImoError } from '../../../errors.js';
import { isOpen } from '../../../ledger/apply.js';
import { lastSnapshotId } from '../../../ledger/state.js';
import type { BookedOperation, TokenBook } from '../book/tokenBook.js';
import type { LargeHolder } from '../checks/largeHolders.js';
import { holdersAtSnapshots } from '../checks/snapshotQuestions.js';
import { placements, type SnapshotEvidence } from './placements.js';

/** What is asked of a contract about a snapshot of the block, at the end of the block. */
interface Question {
  readonly snapshotId: bigint;
  readonly holder: LargeHolder;
}

/**
 * Every way to spread money that no frame shows over a block, for each order of its operations, by
 * which the contract paid what it paid and assigned what it says.
 *
 * @returns `null` if there are too many
 */
export async function ordersWithMoney(
  node: ChainNode,
  book: TokenBook,
  block: BlockHeader,
  orders: readonly (readonly BookedOperation[])[],
  { receipt, holders }: { receipt: UntracedReceipt; holders: readonly LargeHolder[] },
): Promise<(readonly BookedOperation[])[] | null> {
  const found: (readonly BookedOperation[])[] = [];
  for (const operations of orders) {
    const evidence = await evidenceOf(node, book, block, operations, holders);
    const money = { receipt, evidence };
    const placed = placements(book.rules, book.state, operations, money);
    if (placed === null) return null;
    found.push(...placed);
  }
  return found;
}

/** What the contract paid, and what its views return for the snapshots of a block, in ETH. */
async function evidenceOf(
  node: ChainNode,
  book: TokenBook,
  block: BlockHeader,
  operations: readonly BookedOperation[],
  holders: readonly LargeHolder[],
): Promise<Map<bigint, SnapshotEvidence[]>> {
  const evidence = new Map<bigint, SnapshotEvidence[]>();
  const add = (snapshotId: bigint, said: SnapshotEvidence) => {
    evidence.set(snapshotId, [...(evidence.get(snapshotId) ?? []), said]);
  };
  const { address } = book.token;
  const { rules } = book;
  const balances = holdersAtSnapshots(book, operations, holders);
  const lastId = lastSnapshotId(book.state) + balances.size;
  const questions: Question[] = [];
  for (const [id, largest] of balances) {
    const snapshotId = BigInt(id);
    const claims = claimsOf(operations, snapshotId);
    for (const holder of largest) {
      const claimedWei = claims.get(holder.account);
      if (claimedWei !== undefined) {
        add(snapshotId, { balance: holder.balance, amountWei: claimedWei });
      } else if (holder.balance > 0n && isOpen(rules.terms, id, lastId)) {
        questions.push({ snapshotId, holder });
      }
    }
  }
  const hasView = rules.policy.views.includes('claimableRevenue(address,uint256)');
  const answers = hasView ? await shares(node, address, block, questions) : [];
  questions.forEach(({ snapshotId, holder: { balance } }, index) => {
    const amountWei = answers[index] ?? null;
    if (amountWei !== null) add(snapshotId, { balance, amountWei });
  });
  const silent = [...balances.keys()].filter((id) => !evidence.has(BigInt(id)));
  for (const [snapshotId, amountWei] of await stored(node, book, block, silent)) {
    add(snapshotId, { balance: null, amountWei });
  }
  return evidence;
}

function claimsOf(
  operations: readonly BookedOperation[],
  snapshotId: bigint,
): Map<Address, bigint> {
  const claims = operations.flatMap((operation) =>
    operation.kind === 'claim' && operation.snapshotId === snapshotId ? [operation] : [],
  );
  return new Map(claims.map(({ holder, amountWei }) => [holder, amountWei]));
}

/** What holders can claim at the end of a block; `null` where the contract or the node does not say. */
async function shares(
  node: ChainNode,
  to: Address,
  { hash }: BlockHeader,
  questions: readonly Question[],
): Promise<(bigint | null)[]> {
  if (questions.length === 0) return [];
  const calls = questions.map(({ snapshotId, holder: { account } }) => ({
    to,
    data: functions.claimableRevenue.encode({ account, snapshotId }),
  }));
  const answers = await orNothing(() => node.views(calls, { hash }));
  return answers.map((answer) => (answer?.length === 66 ? BigInt(answer) : null));
}

/** What the contract stores of snapshots that nothing else tells of, where its layout may be known. */
async function stored(
  node: ChainNode,
  { token: { address }, rules }: TokenBook,
  { hash }: BlockHeader,
  ids: readonly number[],
): Promise<[bigint, bigint][]> {
  const { storage: layout } = rules.policy;
  if (layout === null || ids.length === 0) return [];
  const slots = ids.map((id) => ({ address, slot: mappingSlot(layout.claimable, id) }));
  const words = await orNothing(() => node.storageWords(slots, { hash }));
  // Nothing is what any slot holds.
  return words.flatMap((word, index) => (word === 0n ? [] : [[BigInt(ids[index] ?? 0), word]]));
}

/** An empty answer where the node does not have the state of the block. */
export async function orNothing<T>(work: () => Promise<T[]>): Promise<T[]> {
  try {
    return await work();
  } catch (error) {
    if (isWithoutState(error)) return [];
    throw error;
  }
}

/** The place of money in a block is not proven. */
export function unplacedMoney(
  node: ChainNode,
  { token: { address } }: TokenBook,
  { number }: BlockHeader,
  { amountWei }: UntracedReceipt,
  reason: string,
): ImoError {
  return new ImoError(
    'CHAIN_MONEY_UNPLACED',
    `${checksummed(address)}, block ${number}: ${amountWei} wei came without a call frame, before or ` +
      `after a snapshot or a burn of the block: ${reason}. Asked: ${node.displayUrl}`,
    'Add an endpoint that has the state of this block. Answers of the contract there prove the order.',
  );
}
