import { type Address, ZERO_ADDRESS } from '../../../address.js';
import type { Claim, Redemption } from '../../../chain/reading/operation.js';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
} from '../../../ledger/apply.js';
import { snapshotShareWei } from '../../../ledger/entitlement.js';
import { LedgerError } from '../../../ledger/errors.js';
import { openAsset, type PoolState } from '../../../ledger/state.js';
import { applyTerms } from '../../../ledger/terms.js';
import type { BookedOperation, TokenBook } from '../book/tokenBook.js';

/** Pools by asset, `null` for ETH. */
export type PoolsByAsset = ReadonlyMap<Address | null, PoolState>;

/** What the operations of a block would do to the pools of a token, and to its balances. */
export interface Replay {
  readonly pools: PoolsByAsset;
  /** By snapshot taken in the block: balances that changed in the block before it. */
  readonly balancesAt: ReadonlyMap<number, ReadonlyMap<Address, bigint>>;
}

/**
 * Applies the operations of a block to the pools of a token, without booking anything.
 *
 * @param balanceOf what an account has before the block; `null` if that is not known
 * @throws LedgerError if the contract cannot have run them in this order: a pool or a payment is
 *   not what it would be
 */
export function replay(
  book: TokenBook,
  operations: readonly BookedOperation[],
  balanceOf: (account: Address) => bigint | null,
): Replay {
  let { rules } = book;
  const pools = new Map<Address | null, PoolState>([[null, book.state]]);
  for (const { asset, state } of book.assetBooks) pools.set(asset, state);
  const changed = new Map<Address, bigint>();
  const balancesAt = new Map<number, ReadonlyMap<Address, bigint>>();
  const inEach = (applied: (state: PoolState, asset: Address | null) => PoolState) => {
    for (const [asset, state] of pools) pools.set(asset, applied(state, asset));
  };
  const change = (account: Address, amount: bigint) => {
    if (account === ZERO_ADDRESS) return inEach((state) => applySupplyChange(state, -amount));
    const before = changed.get(account) ?? balanceOf(account);
    if (before !== null) changed.set(account, before + amount);
  };
  const receive = (asset: Address | null, amountWei: bigint) => {
    const state = pools.get(asset);
    if (state !== undefined) pools.set(asset, applyReceipt(state, amountWei));
  };
  for (const operation of operations) {
    switch (operation.kind) {
      case 'transfer':
        change(operation.from, -operation.amount);
        change(operation.to, operation.amount);
        break;
      case 'receipt':
      case 'untraced':
        receive(operation.asset, operation.amountWei);
        break;
      case 'snapshot':
        balancesAt.set(Number(operation.snapshotId), new Map(changed));
        inEach((state) => applySnapshot(rules, state, operation.snapshotId).state);
        break;
      case 'claim':
        inEach((state, asset) => {
          const amountWei = paidIn(asset, operation.amountWei, operation);
          const id = Number(operation.snapshotId);
          assertShare(state, id, amountWei, balancesAt.get(id)?.get(operation.holder));
          return amountWei > 0n ? applyClaim(rules, state, id, amountWei) : state;
        });
        break;
      case 'redemption':
        inEach((state, asset) => {
          const paidWei = paidIn(asset, operation.paidWei, operation);
          return applyRedemption(rules, state, operation.burned, paidWei).state;
        });
        break;
      case 'terms': {
        const next = { policy: rules.policy, terms: operation.terms };
        inEach((state) => applyTerms(rules, state, next.terms).state);
        rules = next;
        break;
      }
      case 'asset-accepted':
        if (!pools.has(operation.asset)) pools.set(operation.asset, openAsset(book.state));
        break;
      case 'asset-outflow':
      case 'asset-seen':
    }
  }
  return { pools, balancesAt };
}

/** A claim of a snapshot of the same block pays exactly the share, where the balance is known. */
function assertShare(
  state: PoolState,
  snapshotId: number,
  amountWei: bigint,
  balance: bigint | undefined,
): void {
  const pool = state.snapshots[snapshotId - 1];
  if (balance === undefined || pool === undefined) return;
  const shareWei = snapshotShareWei(pool, balance);
  if (shareWei === amountWei) return;
  throw new LedgerError(
    'LEDGER_PAYMENT_DIFFERS',
    `a claim of snapshot ${snapshotId} paid ${amountWei}, its share is ${shareWei}`,
    'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
  );
}

function paidIn(
  asset: Address | null,
  nativeWei: bigint,
  { paidInAssets }: Pick<Claim | Redemption, 'paidInAssets'>,
): bigint {
  if (asset === null) return nativeWei;
  return paidInAssets.find((paid) => paid.asset === asset)?.amount ?? 0n;
}
