import type { SnapshotEntitlementState } from '../entitlement.js';

/** What a pool is owed, was paid and missed, in the smallest unit of the asset. */
export interface PoolEntitlement {
  readonly snapshots: readonly PoolSnapshot[];
  /** The pool's part of what a snapshot taken now would assign. */
  readonly accruingWei: bigint;
}

/** What one snapshot means to a pool. */
export interface PoolSnapshot {
  readonly snapshotId: number;
  readonly shareWei: bigint;
  readonly claimableWei: bigint;
  readonly claimedWei: bigint;
  readonly state: ThroughState;
}

/** `UNKNOWN`: the shares of the pool at the snapshot are not known. */
export type ThroughState = SnapshotEntitlementState | 'UNKNOWN';

/** Shares of one depositor, and of all of them. */
export interface Shares {
  readonly shares: bigint;
  readonly totalShares: bigint;
}

/** What one snapshot means to a depositor of the pool. */
export interface ThroughSnapshot extends PoolSnapshot, Shares {
  /** What the pool is owed of it. */
  readonly poolShareWei: bigint;
}

/** What a depositor is owed through a pool; all amounts are its part of the pool's. */
export interface ThroughEntitlement extends Shares, PoolEntitlement {
  readonly snapshots: readonly ThroughSnapshot[];
  /** What the pool can claim now. */
  readonly totalClaimableWei: bigint;
  /** What the pool was paid. */
  readonly claimedWei: bigint;
  readonly expiredWei: bigint;
  /** Snapshots at which the shares are not known: nothing of them is in the sums. */
  readonly unknownSnapshots: readonly number[];
}

/**
 * The part of a pool's amount that belongs to a depositor: `amount * shares // totalShares`, rounded down to
 * the smallest unit. What is left when every depositor has its part is the pool's dust. Nothing
 * belongs to anybody while the pool has no shares.
 */
function splitOf(amount: bigint, { shares, totalShares }: Shares): bigint {
  return totalShares === 0n ? 0n : (amount * shares) / totalShares;
}

/**
 * Splits what a pool is owed for one depositor, snapshot by snapshot (docs/pools.md#split).
 *
 * @param sharesAt at a snapshot; `null`: not known
 * @param now shares at the block of the answer
 */
export function throughPool(
  pool: PoolEntitlement,
  sharesAt: (snapshotId: number) => Shares | null,
  now: Shares,
): ThroughEntitlement {
  const snapshots = pool.snapshots.map((snapshot) => throughSnapshot(snapshot, sharesAt));
  const sum = (of: (snapshot: ThroughSnapshot) => bigint) =>
    snapshots.reduce((total, snapshot) => total + of(snapshot), 0n);
  return {
    ...now,
    snapshots,
    totalClaimableWei: sum(({ claimableWei }) => claimableWei),
    claimedWei: sum(({ claimedWei }) => claimedWei),
    expiredWei: sum(({ state, shareWei }) => (state === 'EXPIRED' ? shareWei : 0n)),
    accruingWei: splitOf(pool.accruingWei, now),
    unknownSnapshots: snapshots.flatMap(({ state, snapshotId }) =>
      state === 'UNKNOWN' ? [snapshotId] : [],
    ),
  };
}

function throughSnapshot(
  pool: PoolSnapshot,
  sharesAt: (snapshotId: number) => Shares | null,
): ThroughSnapshot {
  const { snapshotId, shareWei: poolShareWei, state } = pool;
  const nothing = { snapshotId, poolShareWei, shareWei: 0n, claimableWei: 0n, claimedWei: 0n };
  // Whatever the shares are: nothing times them is nothing.
  if (poolShareWei === 0n && pool.claimedWei === 0n && state !== 'UNKNOWN') {
    return { ...nothing, ...(sharesAt(snapshotId) ?? NO_SHARES), state: 'NOTHING' };
  }
  const at = sharesAt(snapshotId);
  if (at === null || state === 'UNKNOWN') return { ...nothing, ...NO_SHARES, state: 'UNKNOWN' };
  const part = {
    shareWei: splitOf(poolShareWei, at),
    claimableWei: splitOf(pool.claimableWei, at),
    claimedWei: splitOf(pool.claimedWei, at),
  };
  const isNothing = part.shareWei === 0n && part.claimedWei === 0n;
  return { snapshotId, poolShareWei, ...at, ...part, state: isNothing ? 'NOTHING' : state };
}

const NO_SHARES: Shares = { shares: 0n, totalShares: 0n };
