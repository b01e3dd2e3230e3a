import { LedgerError } from './errors.js';
import type {
  RedemptionQuote,
  RedemptionRates,
  RevenuePolicy,
  SnapshotAssignment,
} from './policies/policy.js';
import { checkedPartOf } from './rate.js';
import {
  assertSolvent,
  lastSnapshotId,
  newRevenueWei,
  type PoolState,
  type RevenueTerms,
} from './state.js';

/** A token's policy with the terms of a block. */
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
  return assertSolvent({ ...state, balanceWei: state.balanceWei + amountWei }, 'a receipt', state);
}

/** Tokens were minted (positive) or burned (negative): `S += change`. */
export function applySupplyChange(state: PoolState, change: bigint): PoolState {
  return assertSolvent({ ...state, supply: state.supply + change }, 'a change of supply', state);
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
      'Snapshot ids increase by one, so a log is missing. Check that `startBlock` is not after the deployment.',
    );
  }
  const { freshWei, rolledOverWei } = policy.assignment(terms, state);
  const revenueWei = newRevenueWei(state);
  const claimableWei = freshWei + rolledOverWei;
  const redeemableAddedWei = revenueWei - freshWei - state.redeemedFromNewWei;
  if (revenueWei < 0n || redeemableAddedWei < 0n)
    throw impossibleSnapshot(nextId, revenueWei, state);
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
    state,
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
  return isInWindow(terms.window, snapshotId, lastId);
}

/** The same for a window, `null`: for ever. */
export function isInWindow(window: number | null, snapshotId: number, lastId: number): boolean {
  if (snapshotId < 1 || snapshotId > lastId) return false;
  return window === null || lastId - snapshotId < window;
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
      'The contract does not follow its policy, or a snapshot was missed. Correct `policy` in the config, or report the contract.',
    );
  }
  const claimedWei = pool.claimedWei + amountWei;
  if (claimedWei > pool.claimableWei) {
    throw new LedgerError(
      'LEDGER_NEGATIVE_POOL',
      `a claim of ${amountWei} brings snapshot ${snapshotId} to ${claimedWei} claimed of ${pool.claimableWei}`,
      'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
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
    state,
  );
}

/**
 * A holder burned `amount` token units for revenue (docs/domain.md#reference, #windowed, row `burn`).
 * The supply shrinks by the burn's own `Transfer` log, not here.
 *
 * @throws LedgerError `LEDGER_PAYMENT_DIFFERS` if the contract paid anything else.
 */
export function applyRedemption(
  rules: TokenRules,
  state: PoolState,
  amount: bigint,
  paidWei: bigint,
): { state: PoolState; effect: RedemptionQuote } {
  const rates = burnRates(rules, state);
  const effect =
    state.supply === 0n ? { fromNewWei: 0n, fromPoolWei: 0n } : rates && quoteOf(rates, amount);
  if (effect === null) {
    const reason =
      rates === null ? 'new revenue does not cover it' : 'the product exceeds 256 bits';
    throw new LedgerError(
      'LEDGER_PAYMENT_DIFFERS',
      `burning ${amount} of ${state.supply} should revert, because ${reason}; the contract paid ${paidWei}`,
      'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
    );
  }
  const owedWei = effect.fromNewWei + effect.fromPoolWei;
  if (owedWei !== paidWei) {
    throw new LedgerError(
      'LEDGER_PAYMENT_DIFFERS',
      `burning ${amount} of ${state.supply} should pay ${owedWei}, the contract paid ${paidWei}`,
      'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
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
    state,
  );
  return { state: after, effect };
}

/**
 * What burning one token unit pays; `null` where the contract cannot compute it and reverts: there is
 * no supply, new revenue is below zero, or burners took more of it than other terms leave them.
 */
export function burnRates({ policy, terms }: TokenRules, state: PoolState): RedemptionRates | null {
  if (state.supply === 0n || newRevenueWei(state) < 0n) return null;
  const rates = policy.redemptionRates(terms, state);
  return rates.fromNew.numerator < 0n ? null : rates;
}

/**
 * What a snapshot taken now would assign; `null` where the contract reverts: new revenue is below
 * zero, or does not cover the holders' part and what burners took of it.
 */
export function nextAssignment(
  { policy, terms }: TokenRules,
  state: PoolState,
): SnapshotAssignment | null {
  const revenueWei = newRevenueWei(state);
  const assignment = policy.assignment(terms, state);
  const restWei = revenueWei - assignment.freshWei - state.redeemedFromNewWei;
  return revenueWei < 0n || restWei < 0n ? null : assignment;
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

function impossibleSnapshot(
  snapshotId: number,
  revenueWei: bigint,
  { redeemedFromNewWei }: PoolState,
): LedgerError {
  return new LedgerError(
    'LEDGER_NEGATIVE_POOL',
    `snapshot ${snapshotId} should revert: new revenue is ${revenueWei}, of which burners took ${redeemedFromNewWei}`,
    'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
  );
}
