import type { SnapshotEffect } from './apply.js';
import { LedgerError } from './errors.js';
import type { RedemptionQuote } from './policies/policy.js';
import type { WindowMove } from './terms.js';

/**
 * Double entry for one contract and asset. An account is a place where money is, or comes
 * from, or went to; see docs/accounting.md for the chart.
 */
export type Account = TokenAccount | OracleAccount | SaleAccount;

export type TokenAccount =
  | 'new-revenue'
  | 'redeemable'
  | 'claimed'
  | 'redeemed'
  | `claimable/${number}`
  | `income/${IncomeName}`;

/** Of an AI oracle; see oracleJournal.ts. */
export type OracleAccount =
  | 'income/requests'
  | 'protocol'
  | 'opening'
  | `upstream/${bigint}`
  | `paid-out/${bigint}`
  | `token-change/${bigint}`;

/** Of a sale, in its raise asset; see saleJournal.ts. */
export type SaleAccount =
  | 'income/deposits'
  | 'income/purchases'
  | 'income/unseen'
  | 'escrow'
  | 'refunded'
  | 'sold-back'
  | 'proceeds';

/** Where revenue comes from, as far as the chain tells. */
export type IncomeSource = 'oracle' | 'collection' | 'sale' | 'known' | 'unknown' | 'untraced';

/** What of a collection's business brought it: fees of mints, or royalties of later trades. */
export type CollectionPart = 'mint' | 'royalty';

/** Income accounts: of a collection by its part, where that is known. */
export type IncomeName = IncomeSource | CollectionPart;

/** One side of a movement: what an account gained (positive) or gave (negative), in wei. */
export interface Posting {
  readonly account: Account;
  readonly amountWei: bigint;
}

export type JournalKind =
  | 'receipt'
  | 'snapshot'
  | 'roll-over'
  | 'terms'
  | 'claim'
  | 'redemption'
  | 'opening'
  | 'accrual'
  | 'payout'
  | 'token-change'
  | 'deposit'
  | 'purchase'
  | 'refund'
  | 'sell'
  | 'finalisation';

/** A movement of money: its postings sum to zero. */
export interface JournalEntry {
  readonly kind: JournalKind;
  readonly postings: readonly Posting[];
}

/**
 * Accounts whose money the contract of the journal holds, and owes: never below zero, except for new
 * revenue that a larger window took back. Those of a token are together its balance.
 */
export function isHeld(account: Account): boolean {
  return (
    account === 'new-revenue' ||
    account === 'redeemable' ||
    account === 'escrow' ||
    account.startsWith('claimable/') ||
    account.startsWith('upstream/')
  );
}

/** Revenue reached the token. */
export function receiptEntry(amountWei: bigint, source: IncomeName): JournalEntry {
  return entry('receipt', [
    { account: `income/${source}`, amountWei: -amountWei },
    { account: 'new-revenue', amountWei },
  ]);
}

/**
 * A snapshot assigned new revenue, less what burns took out of it already, to holders and
 * to the redeem pool; and what a snapshot that leaves the window still held came back.
 */
export function snapshotEntries(effect: SnapshotEffect, window: number | null): JournalEntry[] {
  const { snapshotId, freshWei, rolledOverWei, redeemableAddedWei } = effect;
  const entries: JournalEntry[] = [];
  if (rolledOverWei !== 0n && window !== null) {
    entries.push(
      entry('roll-over', [
        { account: `claimable/${snapshotId - window}`, amountWei: -rolledOverWei },
        { account: `claimable/${snapshotId}`, amountWei: rolledOverWei },
      ]),
    );
  }
  entries.push(
    entry('snapshot', [
      { account: 'new-revenue', amountWei: -(freshWei + redeemableAddedWei) },
      { account: `claimable/${snapshotId}`, amountWei: freshWei },
      { account: 'redeemable', amountWei: redeemableAddedWei },
    ]),
  );
  return entries;
}

/** Another window moved the rest of snapshots out of new revenue, or into it. */
export function termsEntry(moves: readonly WindowMove[]): JournalEntry {
  const sumWei = moves.reduce((sum, { wei }) => sum + wei, 0n);
  return entry('terms', [
    { account: 'new-revenue', amountWei: -sumWei },
    ...moves.map(
      ({ snapshotId, wei }): Posting => ({ account: `claimable/${snapshotId}`, amountWei: wei }),
    ),
  ]);
}

/** A holder was paid its share of a snapshot. */
export function claimEntry(snapshotId: number, amountWei: bigint): JournalEntry {
  return entry('claim', [
    { account: `claimable/${snapshotId}`, amountWei: -amountWei },
    { account: 'claimed', amountWei },
  ]);
}

/** A holder burned tokens and was paid out of both pools. */
export function redemptionEntry({ fromNewWei, fromPoolWei }: RedemptionQuote): JournalEntry {
  return entry('redemption', [
    { account: 'new-revenue', amountWei: -fromNewWei },
    { account: 'redeemable', amountWei: -fromPoolWei },
    { account: 'redeemed', amountWei: fromNewWei + fromPoolWei },
  ]);
}

/**
 * An entry without its empty postings.
 *
 * @throws LedgerError `LEDGER_UNBALANCED_ENTRY` if the postings do not sum to zero.
 */
export function entry(kind: JournalKind, postings: readonly Posting[]): JournalEntry {
  const sum = postings.reduce((total, posting) => total + posting.amountWei, 0n);
  if (sum !== 0n) {
    throw new LedgerError(
      'LEDGER_UNBALANCED_ENTRY',
      `the postings of a ${kind} sum to ${sum}`,
      'This is a bug in imo-ledger. Report it with the transaction.',
    );
  }
  return { kind, postings: postings.filter((posting) => posting.amountWei !== 0n) };
}

/** Balances of all accounts of a contract in one asset. Only the zero is left out. */
export class AccountBalances {
  private readonly balances = new Map<Account, bigint>();
  /** Kept with each posting: a contract has an account for each of its snapshots. */
  private held = 0n;

  constructor(balances: Iterable<readonly [Account, bigint]> = []) {
    for (const [account, amountWei] of balances) this.set(account, amountWei);
  }

  of(account: Account): bigint {
    return this.balances.get(account) ?? 0n;
  }

  /**
   * Books an entry.
   *
   * @throws LedgerError `LEDGER_NEGATIVE_POOL` if the contract would hold less than nothing
   *   in an account.
   */
  book({ kind, postings }: JournalEntry): void {
    for (const { account, amountWei } of postings) {
      const balance = this.of(account) + amountWei;
      const isTakenBack = account === 'new-revenue' && (kind === 'terms' || amountWei > 0n);
      if (balance < 0n && isHeld(account) && !isTakenBack) {
        throw new LedgerError(
          'LEDGER_NEGATIVE_POOL',
          `a ${kind} would bring the account ${account} to ${balance}`,
          'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
        );
      }
      this.set(account, balance);
    }
  }

  /** What the contract holds by the books, in wei: equal to its balance on the chain. */
  heldWei(): bigint {
    return this.held;
  }

  private set(account: Account, balance: bigint): void {
    if (isHeld(account)) this.held += balance - this.of(account);
    this.balances.set(account, balance);
  }
}
