import { LedgerError } from './errors.js';
import type {
  RedemptionQuote,
  RedemptionRates,
  RevenuePolicy,
  SnapshotAssignment,
} from './policy.js';
import { checkedPartOf } from './rate.js';
import {
  assertSolvent,
  lastSnapshotId,
  newRevenueWei,
  type PoolState,
  type RevenueTerms,
} from './state.js';

/** A token's policy with the terms its contract was deployed with. */
export interface TokenRules {
  readonly policy: RevenuePolicy;
  readonly terms: RevenueTerms;
}

/** What a snapshot did to the pools, in wei. */
export interface SnapshotEffect extends SnapshotAssignment {
  readonly snapshotId: number;
  /** `N` before the snapshot. */
  readonly newRevenueWei: bigint;
  /** `CA[id]`: fresh and rolled over together. */
  readonly claimableWei: bigint;
  /** What the redeem pool gained: new revenue less the holders' part and earlier burns. */
  readonly redeemableAddedWei: bigint;
  readonly supply: bigint;
}

/** Revenue came in: `B += v`. */
export function applyReceipt(state: PoolState, amountWei: bigint): PoolState {
  return assertSolvent({ ...state, balanceWei: state.balanceWei + amountWei }, 'a receipt');
}

/** Tokens were minted (positive) or burned (negative): `S += change`. */
export function applySupplyChange(state: PoolState, change: bigint): PoolState {
  return assertSolvent({ ...state, supply: state.supply + change }, 'a change of supply');
}

/**
 * Takes snapshot `snapshotId` (docs/domain.md#reference, #windowed, row `snapshot()`).
 *
 * @throws LedgerError `LEDGER_SNAPSHOT_ORDER` if the id is not the next one.
 */
export function applySnapshot(
  { policy, terms }: TokenRules,
  state: PoolState,
  snapshotId: bigint,
): { state: PoolState; effect: SnapshotEffect } {
  const nextId = lastSnapshotId(state) + 1;
  if (snapshotId !== BigInt(nextId)) {
    throw new LedgerError(
      'LEDGER_SNAPSHOT_ORDER',
      `snapshot ${snapshotId} follows snapshot ${nextId - 1}`,
      'Snapshot ids count up by one; a log is missing. Is the start block after the deployment?',
    );
  }
  const { freshWei, rolledOverWei } = policy.assignment(terms, state);
  const revenueWei = newRevenueWei(state);
  const claimableWei = freshWei + rolledOverWei;
  const redeemableAddedWei = revenueWei - freshWei - state.redeemedFromNewWei;
  const after = assertSolvent(
    {
      ...state,
      // What rolls over stays in the claim pool: it only moves to another snapshot.
      claimPoolWei: state.claimPoolWei + freshWei,
      redeemPoolWei: state.redeemPoolWei + redeemableAddedWei,
      redeemedFromNewWei: 0n,
      snapshots: [...state.snapshots, { claimableWei, claimedWei: 0n, supply: state.supply }],
    },
    `snapshot ${nextId}`,
  );
  return {
    state: after,
    effect: {
      snapshotId: nextId,
      newRevenueWei: revenueWei,
      freshWei,
      rolledOverWei,
      claimableWei,
      redeemableAddedWei,
      supply: state.supply,
    },
  };
}

/** Whether snapshot `snapshotId` can still be claimed (windowed: `last − id < W`). */
export function isOpen(terms: RevenueTerms, snapshotId: number, lastId: number): boolean {
  if (snapshotId < 1 || snapshotId > lastId) return false;
  return terms.window === null || lastId - snapshotId < terms.window;
}

/**
 * A holder claimed `amountWei` of snapshot `snapshotId`. The amount is what the contract
 * paid; that it is the holder's exact share is checked where the balances are at hand.
 *
 * @throws LedgerError `LEDGER_SNAPSHOT_NOT_OPEN` if it cannot be claimed any more or yet,
 *   `LEDGER_NEGATIVE_POOL` if it is more than was left.
 */
export function applyClaim(
  { terms }: TokenRules,
  state: PoolState,
  snapshotId: number,
  amountWei: bigint,
): PoolState {
  const pool = state.snapshots[snapshotId - 1];
  if (pool === undefined || !isOpen(terms, snapshotId, lastSnapshotId(state))) {
    throw new LedgerError(
      'LEDGER_SNAPSHOT_NOT_OPEN',
      `a claim of snapshot ${snapshotId} while the newest is ${lastSnapshotId(state)}`,
      'The contract does not follow its policy, or a snapshot was missed.',
    );
  }
  const claimedWei = pool.claimedWei + amountWei;
  if (claimedWei > pool.claimableWei) {
    throw new LedgerError(
      'LEDGER_NEGATIVE_POOL',
      `a claim of ${amountWei} brings snapshot ${snapshotId} to ${claimedWei} claimed of ${pool.claimableWei}`,
      'The contract does not follow its policy, or an operation before this one was missed.',
    );
  }
  return assertSolvent(
    {
      ...state,
      balanceWei: state.balanceWei - amountWei,
      claimPoolWei: state.claimPoolWei - amountWei,
      snapshots: state.snapshots.with(snapshotId - 1, { ...pool, claimedWei }),
    },
    `a claim of snapshot ${snapshotId}`,
  );
}

/**
 * A holder burned `amount` token units for revenue (docs/domain.md#reference, #windowed, row `burn`).
 * The supply shrinks by the burn's own `Transfer` log, not here.
 *
 * @throws LedgerError `LEDGER_PAYMENT_DIFFERS` if the contract paid anything else.
 */
export function applyRedemption(
  { policy, terms }: TokenRules,
  state: PoolState,
  amount: bigint,
  paidWei: bigint,
): { state: PoolState; effect: RedemptionQuote } {
  const effect =
    state.supply === 0n
      ? { fromNewWei: 0n, fromPoolWei: 0n }
      : quoteOf(policy.redemptionRates(terms, state), amount);
  if (effect === null) {
    throw new LedgerError(
      'LEDGER_PAYMENT_DIFFERS',
      `burning ${amount} of ${state.supply} should revert, because the product exceeds 256 bits; the contract paid ${paidWei}`,
      'The contract does not follow its policy, or an operation before this one was missed.',
    );
  }
  const owedWei = effect.fromNewWei + effect.fromPoolWei;
  if (owedWei !== paidWei) {
    throw new LedgerError(
      'LEDGER_PAYMENT_DIFFERS',
      `burning ${amount} of ${state.supply} should pay ${owedWei}, the contract paid ${paidWei}`,
      'The contract does not follow its policy, or an operation before this one was missed.',
    );
  }
  const after = assertSolvent(
    {
      ...state,
      balanceWei: state.balanceWei - paidWei,
      redeemPoolWei: state.redeemPoolWei - effect.fromPoolWei,
      redeemedFromNewWei: state.redeemedFromNewWei + effect.fromNewWei,
    },
    'a redemption',
  );
  return { state: after, effect };
}

/**
 * What burning `amount` pays by the pool it is taken from, in wei; `null` where a product exceeds
 * 256 bits and the contract reverts.
 */
export function quoteOf(
  { fromNew, fromPool }: RedemptionRates,
  amount: bigint,
): RedemptionQuote | null {
  const fromNewWei = checkedPartOf(amount, fromNew);
  const fromPoolWei = checkedPartOf(amount, fromPool);
  return fromNewWei === null || fromPoolWei === null ? null : { fromNewWei, fromPoolWei };
}
