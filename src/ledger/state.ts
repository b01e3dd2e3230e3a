import { LedgerError } from './errors.js';

/** The numbers that a token's contract shares revenue by at a block (docs/domain.md#telling-policies-apart). */
export interface RevenueTerms {
  /** Percentage of new revenue that a snapshot assigns to holders, 0..100. */
  readonly percentClaimable: bigint;
  /** Snapshots that stay claimable, counted from the newest; `null`: for ever. */
  readonly window: number | null;
  /** A snapshot needs strictly more than this since the one before; `null`: not known. */
  readonly interval: bigint | null;
  /** `null` where the interval is not known. */
  readonly intervalUnit: IntervalUnit | null;
}

export type IntervalUnit = 'seconds' | 'blocks';

/** One snapshot's share of the revenue. */
export interface SnapshotPool {
  /** `CA[id]`: claimable by all holders together when the snapshot was taken, in wei. */
  readonly claimableWei: bigint;
  /** `CL[id]`: claimed of it so far, in wei. */
  readonly claimedWei: bigint;
  /** `supplyAt(id)`, in token units. */
  readonly supply: bigint;
}

/**
 * The revenue pools of one token in one asset, ETH or an ERC-20: "wei" stands for the smallest
 * unit of either. The letters are those of docs/domain.md#revenue-tokens:
 * `N = B + b − C − K` holds at every moment.
 */
export interface PoolState {
  /** `B`: what the contract holds, in wei. */
  readonly balanceWei: bigint;
  /** `S`: total supply, in token units. */
  readonly supply: bigint;
  /** `C`: assigned to claimable snapshots and not claimed yet, in wei. */
  readonly claimPoolWei: bigint;
  /** `K` (reference) or `R` (windowed): the pool that burning pays from, in wei. */
  readonly redeemPoolWei: bigint;
  /** `b` or `r`: paid to burners out of new revenue since the last snapshot, in wei. */
  readonly redeemedFromNewWei: bigint;
  /** Snapshot `id` is at index `id − 1`. */
  readonly snapshots: readonly SnapshotPool[];
}

/** A token before its first operation. */
export const EMPTY_POOLS: PoolState = {
  balanceWei: 0n,
  supply: 0n,
  claimPoolWei: 0n,
  redeemPoolWei: 0n,
  redeemedFromNewWei: 0n,
  snapshots: [],
};

/**
 * The pools of an ERC-20 asset that a token accepts from now on (AltRevToken). They share the
 * supply and the snapshots of the token's ETH; no snapshot so far assigned any of the asset.
 */
export function openAsset(native: PoolState): PoolState {
  const snapshots = native.snapshots.map(({ supply }) => ({
    claimableWei: 0n,
    claimedWei: 0n,
    supply,
  }));
  return { ...EMPTY_POOLS, supply: native.supply, snapshots };
}

/** Id of the newest snapshot, 0 if none was taken. */
export function lastSnapshotId(state: PoolState): number {
  return state.snapshots.length;
}

/** `N`: revenue received that no snapshot has covered yet, in wei (docs/domain.md#revenue-tokens). */
export function newRevenueWei(state: PoolState): bigint {
  return state.balanceWei + state.redeemedFromNewWei - state.claimPoolWei - state.redeemPoolWei;
}

/** What remains to be claimed of snapshot `snapshotId`, in wei; 0 for an id never taken. */
export function unclaimedWei(state: PoolState, snapshotId: number): bigint {
  const pool = state.snapshots[snapshotId - 1];
  return pool === undefined ? 0n : pool.claimableWei - pool.claimedWei;
}

/**
 * Proves that no pool is below zero; the solvency identity makes the rest follow. New revenue may
 * be below zero after a change of the window (`applyTerms`), but no operation brings it further down.
 *
 * @param before the pools before the operation
 * @throws LedgerError `LEDGER_NEGATIVE_POOL`, naming the pool and the operation.
 */
export function assertSolvent(state: PoolState, operation: string, before: PoolState): PoolState {
  const newRevenue = newRevenueWei(state);
  const pools: [string, bigint][] = [
    ['balance', state.balanceWei],
    ['total supply', state.supply],
    ['claim pool', state.claimPoolWei],
    ['redeem pool', state.redeemPoolWei],
    ['redeemed from new revenue', state.redeemedFromNewWei],
    ['new revenue', newRevenue < newRevenueWei(before) ? newRevenue : 0n],
  ];
  for (const [pool, amount] of pools) {
    if (amount < 0n) {
      throw new LedgerError(
        'LEDGER_NEGATIVE_POOL',
        `${operation} would bring the ${pool} to ${amount}`,
        'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
      );
    }
  }
  return state;
}
