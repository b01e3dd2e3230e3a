import type { RevenueMovement, RevenueStanding } from '../statement.js';

/** What a transfer of tokens is to somebody with one or several accounts. */
export type TokenMovementKind = 'received' | 'sent' | 'minted' | 'burned' | 'kept';

/** A transfer as its contract logs it; accounts are of any form that compares by `===`. */
export interface MovedTokens<Account> {
  readonly from: Account;
  readonly to: Account;
  /** Token units. */
  readonly amount: bigint;
}

/** A transfer, seen from one side. */
export interface NettedMovement<Account> {
  readonly kind: TokenMovementKind;
  /** The own account: that of the sender where both are own. */
  readonly account: Account;
  /** The other account; own too where tokens are kept. */
  readonly counterparty: Account;
  /** Signed, in token units; 0 where tokens are kept. */
  readonly change: bigint;
}

/**
 * What a transfer is to a person. Tokens that move between own accounts are kept: they are neither income
 * nor a disposal, and change nothing that the person has.
 *
 * @param isOwn whether an account is one of the person's
 * @param nobody where mints come from and burns go to
 */
export function nettedMovement<Account>(
  { from, to, amount }: MovedTokens<Account>,
  isOwn: (account: Account) => boolean,
  nobody: Account,
): NettedMovement<Account> {
  const isOut = isOwn(from);
  const isIn = isOwn(to);
  const [account, counterparty] = isOut ? [from, to] : [to, from];
  const change = (isIn ? amount : 0n) - (isOut ? amount : 0n);
  const kindOfOthers = isIn ? 'received' : 'sent';
  const kindOfNobody = isIn ? 'minted' : 'burned';
  const kind = counterparty === nobody ? kindOfNobody : kindOfOthers;
  return { kind: isIn && isOut ? 'kept' : kind, account, counterparty, change };
}

/** What happened to the revenue of one account of a person. */
export interface AccountRevenue<Account, Place> {
  readonly account: Account;
  readonly movements: readonly RevenueMovement<Place>[];
}

/** A line of a person's revenue. */
export type PersonRevenue<Account, Place> = RevenueMovement<Place> & {
  /** Whose it is; `null` where a line sums up several accounts. */
  readonly account: Account | null;
};

/**
 * The lines of several accounts as those of one: what a snapshot does to all of them is one line with the sum
 * of their shares, each rounded as the contract rounds it. Claims and redemptions stay apart.
 *
 * @param placeName names a place: equal for the same one
 */
export function personRevenue<Account, Place>(
  accounts: readonly AccountRevenue<Account, Place>[],
  placeName: (place: Place) => string,
): PersonRevenue<Account, Place>[] {
  const lines = new Map<string, PersonRevenue<Account, Place>>();
  for (const [index, { account, movements }] of accounts.entries()) {
    for (const movement of movements) {
      const { kind, place, snapshotId, changes } = movement;
      const isPayment = kind === 'claim' || kind === 'redemption';
      const where = place === null ? '' : placeName(place);
      const name = `${kind} ${where} ${snapshotId} ${isPayment ? index : ''}`;
      const before = lines.get(name);
      const line =
        before === undefined
          ? { ...movement, account }
          : { ...before, account: null, changes: sumOfChanges(before.changes, changes) };
      lines.set(name, line);
    }
  }
  // Accruals of several accounts may cancel out.
  return [...lines.values()].filter(({ changes }) =>
    Object.values(changes).some((change) => change !== 0n),
  );
}

function sumOfChanges(
  one: Partial<RevenueStanding>,
  other: Partial<RevenueStanding>,
): Partial<RevenueStanding> {
  const names = Object.keys({ ...one, ...other }) as (keyof RevenueStanding)[];
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0n) + (other[name] ?? 0n)]));
}
