import { functions } from '../../../abi/erc7641.js';
import { type Address, ZERO_ADDRESS } from '../../../address.js';
import { mappingSlot } from '../../../audit/questions/mappingSlot.js';
import type { BlockHeader } from '../../../chain/node.js';
import { isOpen } from '../../../ledger/apply.js';
import { snapshotShareWei } from '../../../ledger/entitlement.js';
import type { RevenuePolicy } from '../../../ledger/policies/policy.js';
import { lastSnapshotId } from '../../../ledger/state.js';
import type { RevenueBook } from '../book/revenueBook.js';
import type { BookedOperation, TokenBook } from '../book/tokenBook.js';
import type { LargeHolder } from './largeHolders.js';

/** What is asked of a contract about the amount that a snapshot assigned. */
export interface SnapshotQuestion {
  readonly book: TokenBook;
  /** Its books in the asset that the snapshot assigned. */
  readonly revenue: RevenueBook;
  readonly snapshotId: number;
  /** Block at whose end it is asked. */
  readonly at: BlockHeader;
  /** The newest block at whose end the books are right if the answer is another one. */
  readonly lastBlock: number;
  readonly ask:
    | { readonly kind: 'view'; readonly data: string; readonly holder: LargeHolder }
    | { readonly kind: 'slot'; readonly slot: bigint };
  /** Wei, by the books. */
  readonly expectedWei: bigint;
}

/**
 * What large holders have at each snapshot that a block takes. Called before the block is booked.
 *
 * @param before the largest holders before the block
 */
export function holdersAtSnapshots(
  { balances }: TokenBook,
  operations: readonly BookedOperation[],
  before: readonly LargeHolder[],
): Map<number, LargeHolder[]> {
  const found = new Map<number, LargeHolder[]>();
  const now = new Map(before.map(({ account, balance }) => [account, balance]));
  const change = (account: Address, amount: bigint) => {
    if (account === ZERO_ADDRESS) return;
    const known = now.get(account) ?? (balances.has(account) ? balances.of(account).balance : null);
    if (known !== null) now.set(account, known + amount);
  };
  for (const operation of operations) {
    if (operation.kind === 'transfer') {
      change(operation.from, -operation.amount);
      change(operation.to, operation.amount);
    }
    if (operation.kind !== 'snapshot') continue;
    const holders = [...now].map(([account, balance]) => ({ account, balance }));
    holders.sort((a, b) => (a.balance > b.balance ? -1 : 1));
    found.set(Number(operation.snapshotId), holders);
  }
  return found;
}

/** The questions about the snapshots of a block, after it is booked: one for each asset. */
export function snapshotQuestions(
  book: TokenBook,
  at: BlockHeader,
  operations: readonly BookedOperation[],
  holdersAt: ReadonlyMap<number, readonly LargeHolder[]>,
): SnapshotQuestion[] {
  const questions: SnapshotQuestion[] = [];
  for (const [snapshotId, holders] of holdersAt) {
    const claimed = new Set(
      operations.flatMap((operation) =>
        operation.kind === 'claim' && operation.snapshotId === BigInt(snapshotId)
          ? [operation.holder]
          : [],
      ),
    );
    const holder = holders.find(({ account, balance }) => balance > 0n && !claimed.has(account));
    for (const revenue of [book.native, ...book.assetBooks]) {
      const question = questionAbout(book, revenue, snapshotId, holder ?? null);
      if (question !== null) questions.push({ ...question, at, lastBlock: at.number - 1 });
    }
  }
  return questions;
}

/**
 * The question about one snapshot: the share of a holder who has not claimed it by the contract's
 * view, else what it stores, where its storage may be laid out as a known one.
 *
 * @param holder with the balance at the snapshot
 * @returns `null` if the contract cannot say it
 */
export function questionAbout(
  book: TokenBook,
  revenue: RevenueBook,
  snapshotId: number,
  holder: LargeHolder | null,
): Omit<SnapshotQuestion, 'at' | 'lastBlock'> | null {
  const { terms, policy } = book.rules;
  const { asset, state } = revenue;
  const pool = state.snapshots[snapshotId - 1];
  if (pool === undefined) return null;
  const isClaimable = isOpen(terms, snapshotId, lastSnapshotId(state));
  const data = holder === null ? null : viewData(policy, holder.account, snapshotId, asset);
  if (isClaimable && holder !== null && data !== null) {
    const expectedWei = snapshotShareWei(pool, holder.balance);
    return { book, revenue, snapshotId, ask: { kind: 'view', data, holder }, expectedWei };
  }
  const { storage: layout } = policy;
  // Nothing is what any slot holds.
  if (layout === null || asset !== null || pool.claimableWei === 0n) return null;
  const slot = mappingSlot(layout.claimable, snapshotId);
  const expectedWei = pool.claimableWei;
  return { book, revenue, snapshotId, ask: { kind: 'slot', slot }, expectedWei };
}

function viewData(
  { views, sharesEth }: RevenuePolicy,
  account: Address,
  id: number,
  asset: Address | null,
): string | null {
  const snapshotId = BigInt(id);
  if (asset === null && !sharesEth) return null;
  if (asset === null || !sharesEth) {
    if (!views.includes('claimableRevenue(address,uint256)')) return null;
    return functions.claimableRevenue.encode({ account, snapshotId });
  }
  if (!views.includes('claimableERC20(address,uint256,address)')) return null;
  return functions.claimableERC20.encode({ account, snapshotId, token: asset });
}
