import { applyClaim, isOpen, type TokenRules } from './apply.js';
import { type Entitlement, entitlementOf, type HolderRecord } from './entitlement.js';
import { lastSnapshotId, type PoolState, type RevenueTerms } from './state.js';

/** One holder in the books of a token in one asset, ETH or an ERC-20. */
export interface HolderBook {
  readonly state: PoolState;
  readonly holder: HolderRecord;
}

/** A snapshot that a holder can claim now. */
export interface OpenClaim {
  readonly snapshotId: number;
  /** What `claim(snapshotId)` pays, in the order of the books; not all are 0. */
  readonly amounts: readonly bigint[];
  /** It can be claimed until so many more snapshots are taken; `null`: for ever. */
  readonly snapshotsLeft: number | null;
}

/** What a holder can claim of one token, and where it stands when it has. */
export interface HolderClaims {
  /** Oldest snapshot first: the order in which they expire. */
  readonly claims: readonly OpenClaim[];
  /**
   * Open snapshots at which the holder had tokens and whose share is less than one unit of every
   * asset: the contract refuses to claim them.
   */
  readonly roundedToNothing: readonly number[];
  /** What the holder is owed once all of the claims are made, in the order of the books. */
  readonly after: readonly Entitlement[];
}

/**
 * Finds what a holder can claim of a token (docs/domain.md#reference, #windowed, row `claim`). A claim pays in every
 * asset of the token. What a claimant takes of a windowed snapshot does not come back to all
 * holders later, so `after` accrues less than before.
 *
 * @param books of the token in all its assets, over the same snapshots
 */
export function claimsOf(rules: TokenRules, books: readonly HolderBook[]): HolderClaims {
  const entitlements = books.map(({ state, holder }) => entitlementOf(rules, state, holder));
  const lastId = Math.max(0, ...books.map(({ state }) => lastSnapshotId(state)));
  const claims: OpenClaim[] = [];
  const roundedToNothing: number[] = [];
  for (let snapshotId = 1; snapshotId <= lastId; snapshotId++) {
    if (!isOpen(rules.terms, snapshotId, lastId)) continue;
    const shares = entitlements.map(({ snapshots }) => snapshots[snapshotId - 1]);
    if (shares.some((share) => share?.state === 'CLAIMED')) continue;
    const amounts = shares.map((share) => share?.claimableWei ?? 0n);
    if (amounts.some((amount) => amount > 0n)) {
      const snapshotsLeft = snapshotsUntilExpiry(rules.terms, snapshotId, lastId);
      claims.push({ snapshotId, amounts, snapshotsLeft });
    } else if (shares.some((share) => (share?.balanceAt ?? 0n) > 0n)) {
      roundedToNothing.push(snapshotId);
    }
  }
  const after = books.map((book, index) => afterClaims(rules, book, claims, index));
  return { claims, roundedToNothing, after };
}

/** After how many more snapshots an open one leaves the window (`last − id < W`). */
export function snapshotsUntilExpiry(
  { window }: RevenueTerms,
  snapshotId: number,
  lastId: number,
): number | null {
  return window === null ? null : window - (lastId - snapshotId);
}

function afterClaims(
  rules: TokenRules,
  { state, holder }: HolderBook,
  claims: readonly OpenClaim[],
  index: number,
): Entitlement {
  const taken = new Map(holder.claims);
  let pools = state;
  for (const { snapshotId, amounts } of claims) {
    const amount = amounts[index] ?? 0n;
    if (amount === 0n) continue;
    pools = applyClaim(rules, pools, snapshotId, amount);
    taken.set(snapshotId, amount);
  }
  return entitlementOf(rules, pools, { ...holder, claims: taken });
}
