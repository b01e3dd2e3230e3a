import { isInWindow } from './apply.js';
import type { Entitlement, SnapshotEntitlement } from './entitlement.js';
import { LedgerError } from './errors.js';

/** Where revenue of a holder can stand, in the order in which it moves on. */
export const REVENUE_ACCOUNTS = [
  'accruing',
  'claimable',
  'claimed',
  'redeemed',
  'expired',
] as const;
export type RevenueAccount = (typeof REVENUE_ACCOUNTS)[number];

/** The balance of each account, in the smallest unit of one asset. */
export type RevenueStanding = Readonly<Record<RevenueAccount, bigint>>;

/** Somebody who never held the token. */
export const NO_STANDING: RevenueStanding = {
  accruing: 0n,
  claimable: 0n,
  claimed: 0n,
  redeemed: 0n,
  expired: 0n,
};

export type RevenueMovementKind =
  /** What came to the holder's part of the next snapshot, or left it, since the last line. */
  | 'accrual'
  /** A snapshot made it claimable. */
  | 'assignment'
  | 'claim'
  | 'redemption'
  /** A snapshot, or a smaller window, ended the claim window of an earlier one. */
  | 'expiry'
  /** A larger window made an expired snapshot claimable again. */
  | 'reopening';

/** A line of a statement: what it adds to the accounts, at a place `Place` of the chain. */
export interface RevenueMovement<Place> {
  readonly kind: RevenueMovementKind;
  /** `null`: by the end of the statement. */
  readonly place: Place | null;
  /** Of an assignment or claim, or the one that expired or opened again. */
  readonly snapshotId: number | null;
  readonly changes: Partial<RevenueStanding>;
}

/** What moves the claim window: a snapshot, or the contract's own change of it. */
export type WindowEvent<Place> = { readonly place: Place } & (
  | { readonly snapshotId: number }
  | { readonly window: number | null }
);

/** What happened to one holder in the books of a token in one asset. */
export interface RevenueActivity<Place> {
  /** Snapshots that stay claimable at the opening, counted from the newest; `null`: all. */
  readonly window: number | null;
  /** `null`: the token, or the holder, was not there yet. */
  readonly opening: Entitlement | null;
  readonly closing: Entitlement;
  /** Snapshots and other windows between the two, in the order of their places. */
  readonly events: readonly WindowEvent<Place>[];
  readonly claims: readonly {
    readonly snapshotId: number;
    readonly amountWei: bigint;
    readonly place: Place;
  }[];
  readonly redemptions: readonly { readonly amountWei: bigint; readonly place: Place }[];
}

/** An entitlement as balances of a statement's accounts. */
export function standingOf(entitlement: Entitlement | null): RevenueStanding {
  if (entitlement === null) return NO_STANDING;
  return {
    accruing: entitlement.accruingWei,
    claimable: entitlement.totalClaimableWei,
    claimed: entitlement.claimedWei,
    redeemed: entitlement.redeemedWei,
    expired: entitlement.expiredWei,
  };
}

/**
 * The lines between opening and closing, snapshots first, then claims, then redemptions. The caller
 * sorts them by their places. A snapshot assigns the holder's share
 * (`balanceAt * CA[id] // supplyAt`) and ends the window of the one `W` before it; what was
 * unclaimed of that expires (docs/domain.md#windowed). Another window lets several expire, or opens them
 * again.
 *
 * Accruals are what is left to explain: receipts, other holders' moves and roll-overs change a
 * holder's part of the next snapshot at every block.
 */
export function revenueMovements<Place>(
  activity: RevenueActivity<Place>,
): RevenueMovement<Place>[] {
  const { opening, closing, events, claims, redemptions } = activity;
  const movements: RevenueMovement<Place>[] = [];
  let accruing = opening?.accruingWei ?? 0n;
  const accrueTo = (amount: bigint, place: Place | null) => {
    if (amount === accruing) return;
    const changes = { accruing: amount - accruing };
    movements.push({ kind: 'accrual', place, snapshotId: null, changes });
    accruing = amount;
  };
  const gate = new WindowGate<Place>(activity);
  for (const event of events) {
    const { place } = event;
    if (!('snapshotId' in event)) {
      movements.push(...gate.move(event.window, place));
      continue;
    }
    const { snapshotId } = event;
    const share = closing.snapshots[snapshotId - 1]?.shareWei ?? 0n;
    accrueTo(share, place);
    if (share > 0n) {
      const changes = { accruing: -share, claimable: share };
      movements.push({ kind: 'assignment', place, snapshotId, changes });
      accruing = 0n;
    }
    movements.push(...gate.take(snapshotId, place));
  }
  accrueTo(closing.accruingWei, null);
  for (const { snapshotId, amountWei, place } of claims) {
    const changes = { claimable: -amountWei, claimed: amountWei };
    movements.push({ kind: 'claim', place, snapshotId, changes });
  }
  for (const { amountWei, place } of redemptions) {
    if (amountWei === 0n) continue;
    movements.push({
      kind: 'redemption',
      place,
      snapshotId: null,
      changes: { redeemed: amountWei },
    });
  }
  return movements;
}

/** Which snapshots of a holder are expired while the claim window moves. */
class WindowGate<Place> {
  private readonly expired: Set<number>;
  private window: number | null;
  private lastId: number;

  constructor({ opening, closing, window }: RevenueActivity<Place>) {
    const before = opening?.snapshots ?? [];
    this.window = window;
    this.lastId = before.length;
    this.closing = closing.snapshots;
    this.expired = new Set(
      before.flatMap(({ snapshotId, state }) => (state === 'EXPIRED' ? [snapshotId] : [])),
    );
  }

  private readonly closing: readonly SnapshotEntitlement[];

  /** A snapshot was taken: at most one leaves the window. */
  take(snapshotId: number, place: Place): RevenueMovement<Place>[] {
    this.lastId = snapshotId;
    return this.window === null ? [] : this.look(snapshotId - this.window, place);
  }

  /** The contract has another window. */
  move(window: number | null, place: Place): RevenueMovement<Place>[] {
    this.window = window;
    return Array.from({ length: this.lastId }, (_, index) => this.look(index + 1, place)).flat();
  }

  private look(snapshotId: number, place: Place): RevenueMovement<Place>[] {
    const snapshot = this.closing[snapshotId - 1];
    if (snapshot === undefined || snapshot.shareWei === 0n) return [];
    const { shareWei, state } = snapshot;
    const isOpen = isInWindow(this.window, snapshotId, this.lastId);
    if (isOpen && this.expired.delete(snapshotId)) {
      const changes = { claimable: shareWei, expired: -shareWei };
      return [{ kind: 'reopening', place, snapshotId, changes }];
    }
    // A claim is the last that can happen to a share: until then it may have expired unseen.
    if (isOpen || state === 'CLAIMED' || this.expired.has(snapshotId)) return [];
    this.expired.add(snapshotId);
    const changes = { claimable: -shareWei, expired: shareWei };
    return [{ kind: 'expiry', place, snapshotId, changes }];
  }
}

/** One account of a statement: where it was, what was added, where it is. */
export interface StatedAccount {
  /** For people: whose, of which token, in which asset. */
  readonly name: string;
  readonly opening: bigint;
  readonly changes: readonly bigint[];
  readonly closing: bigint;
}

/**
 * Proves that opening + changes = closing.
 *
 * @throws LedgerError `LEDGER_STATEMENT_SUM` with all figures
 */
export function assertAddsUp({ name, opening, changes, closing }: StatedAccount): void {
  const moved = changes.reduce((sum, change) => sum + change, 0n);
  if (opening + moved === closing) return;
  throw new LedgerError(
    'LEDGER_STATEMENT_SUM',
    `${name}: opening ${opening} and ${changes.length} movements of ${moved} make ` +
      `${opening + moved}, but the closing is ${closing}`,
    'The database was edited, or this is a bug in imo-ledger: `imo-ledger audit` ' +
      'shows which figure is wrong.',
  );
}
