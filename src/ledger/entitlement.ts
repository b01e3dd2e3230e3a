import { burnRates, isOpen, nextAssignment, quoteOf, type TokenRules } from './apply.js';
import type { RedemptionRates } from './policies/policy.js';
import { checkedPartOf, NOTHING, type Rate, rateOf } from './rate.js';
import { lastSnapshotId, type PoolState, type RevenueTerms, type SnapshotPool } from './state.js';

/** Balance of one holder from snapshot interval `interval` on (docs/domain.md#balances). */
export interface BalanceCheckpoint {
  /** Number of snapshots taken before the change. */
  readonly interval: number;
  /** Last balance of that interval, in token units. */
  readonly balance: bigint;
}

export type SnapshotEntitlementState = 'OPEN' | 'CLAIMED' | 'EXPIRED' | 'NOTHING';

/** What one snapshot means to one holder. */
export interface SnapshotEntitlement {
  readonly snapshotId: number;
  readonly balanceAt: bigint;
  /** The holder's share when the snapshot was taken, in wei. */
  readonly shareWei: bigint;
  /** `claimableRevenue(holder, snapshotId)`, 0 where the contract reverts. */
  readonly claimableWei: bigint;
  readonly claimedWei: bigint;
  readonly state: SnapshotEntitlementState;
}

/** Everything a holder is owed, was paid and missed (docs/domain.md#entitlements), in wei. */
export interface Entitlement {
  readonly balance: bigint;
  readonly snapshots: readonly SnapshotEntitlement[];
  readonly totalClaimableWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
  readonly expiredWei: bigint;
  /** `redeemableOnBurn(balance)`; 0 when there is no supply. */
  readonly redeemableWei: bigint;
  /** The holder's part of what a snapshot taken now would assign. */
  readonly accruingWei: bigint;
}

/** What the books know of one holder of one token at one block. */
export interface HolderRecord {
  /** Ascending by interval, the newest of each interval only. */
  readonly checkpoints: readonly BalanceCheckpoint[];
  /** Wei claimed, by snapshot id. */
  readonly claims: ReadonlyMap<number, bigint>;
  readonly redeemedWei: bigint;
}

/** `CA[id] / supplyAt(id)`: what a snapshot gives to each token unit, in wei. */
export function snapshotRate({ claimableWei, supply }: SnapshotPool): Rate {
  return rateOf(claimableWei, supply);
}

/**
 * `balanceAt * CA[id] // supplyAt(id)` (ERC-7641 `claimableRevenue`), in wei; 0 where the product
 * exceeds 256 bits: the contract reverts there, so nobody can claim it.
 */
export function snapshotShareWei(pool: SnapshotPool, balanceAt: bigint): bigint {
  return checkedPartOf(balanceAt, snapshotRate(pool)) ?? 0n;
}

/** Whether `claimableRevenue` of a snapshot can exceed 256 bits for a balance, and so revert. */
export function canShareOverflow(pool: SnapshotPool): boolean {
  return pool.supply > 0n && checkedPartOf(pool.supply, snapshotRate(pool)) === null;
}

/** The part of a holder in one snapshot. It never changes once the snapshot is taken. */
export type ShareOfSnapshot = Pick<SnapshotEntitlement, 'balanceAt' | 'shareWei'>;

/** What all snapshots so far mean to a holder. */
export type SnapshotsStanding = Pick<
  Entitlement,
  'snapshots' | 'totalClaimableWei' | 'claimedWei' | 'expiredWei'
>;

/** Computes an entitlement from O(activity) rows; no I/O, no rounding but the contract's. */
export function entitlementOf(
  rules: TokenRules,
  state: PoolState,
  { checkpoints, claims, redeemedWei }: HolderRecord,
): Entitlement {
  const lastId = lastSnapshotId(state);
  const balance = checkpoints.findLast(({ interval }) => interval <= lastId)?.balance ?? 0n;
  const standing = snapshotsStanding(rules.terms, snapshotShares(state, checkpoints), claims);
  return { ...standing, ...currentFigures(rules, state, balance), redeemedWei };
}

/** The shares of a holder in all snapshots of a state, the first one first. */
export function snapshotShares(
  { snapshots }: Pick<PoolState, 'snapshots'>,
  checkpoints: HolderRecord['checkpoints'],
): ShareOfSnapshot[] {
  let next = 0;
  let balanceAt = 0n;
  return snapshots.map((pool, interval) => {
    for (
      let checkpoint = checkpoints[next];
      checkpoint !== undefined && checkpoint.interval <= interval;
      checkpoint = checkpoints[++next]
    ) {
      balanceAt = checkpoint.balance;
    }
    return { balanceAt, shareWei: snapshotShareWei(pool, balanceAt) };
  });
}

/** What is open, claimed and expired of a holder's shares in all snapshots so far. */
export function snapshotsStanding(
  terms: RevenueTerms,
  shares: readonly ShareOfSnapshot[],
  claims: HolderRecord['claims'],
): SnapshotsStanding {
  const lastId = shares.length;
  let totalClaimableWei = 0n;
  let claimedWei = 0n;
  let expiredWei = 0n;
  const snapshots = shares.map(({ balanceAt, shareWei }, index): SnapshotEntitlement => {
    const snapshotId = index + 1;
    const paidWei = claims.get(snapshotId);
    const state = standingOf(shareWei, paidWei, isOpen(terms, snapshotId, lastId));
    const claimableWei = state === 'OPEN' ? shareWei : 0n;
    totalClaimableWei += claimableWei;
    if (state === 'EXPIRED') expiredWei += shareWei;
    claimedWei += paidWei ?? 0n;
    return { snapshotId, balanceAt, shareWei, claimableWei, claimedWei: paidWei ?? 0n, state };
  });
  return { snapshots, totalClaimableWei, claimedWei, expiredWei };
}

/** What a balance is worth now: burned, and in a snapshot taken now. */
export function currentFigures(
  rules: TokenRules,
  state: PoolState,
  balance: bigint,
): Pick<Entitlement, 'balance' | 'redeemableWei' | 'accruingWei'> {
  return {
    balance,
    redeemableWei: redeemableWei(rules, state, balance),
    accruingWei: accruingWei(rules, state, balance),
  };
}

function standingOf(
  shareWei: bigint,
  paidWei: bigint | undefined,
  open: boolean,
): SnapshotEntitlementState {
  if (paidWei !== undefined) return 'CLAIMED';
  if (shareWei === 0n) return 'NOTHING';
  return open ? 'OPEN' : 'EXPIRED';
}

/**
 * `redeemableOnBurn(amount)` in wei; 0 where the contract reverts: there is no supply, or a
 * product exceeds 256 bits.
 */
export function redeemableWei(rules: TokenRules, state: PoolState, amount: bigint): bigint {
  const quote = quoteOf(redemptionRates(rules, state), amount);
  return quote === null ? 0n : quote.fromNewWei + quote.fromPoolWei;
}

/** What burning one token unit pays, in wei; nothing where the contract reverts. */
export function redemptionRates(rules: TokenRules, state: PoolState): RedemptionRates {
  return burnRates(rules, state) ?? { fromNew: NOTHING, fromPool: NOTHING };
}

/** A balance's part of what a snapshot taken now would assign, in wei. */
export function accruingWei(rules: TokenRules, state: PoolState, balance: bigint): bigint {
  return checkedPartOf(balance, accruingRate(rules, state)) ?? 0n;
}

/** What a snapshot taken now would give to each token unit, in wei; nothing where it would revert. */
export function accruingRate(rules: TokenRules, state: PoolState): Rate {
  const assignment = nextAssignment(rules, state);
  if (assignment === null) return NOTHING;
  return rateOf(assignment.freshWei + assignment.rolledOverWei, state.supply);
}
