import { describe, expect, it } from 'vitest';
import { AccountBalances, receiptEntry, snapshotEntries } from '../../src/ledger/journal.js';
import { type ModelState, NATIVE, UNKNOWN_MODEL } from '../../src/ledger/oracles/oracle.js';
import { accrualEntry, payoutEntry, termsEntries } from '../../src/ledger/oracles/oracleJournal.js';
import { saleJournalEntry } from '../../src/ledger/sales/saleJournal.js';

const MONEY = `0x${'e2'.repeat(20)}`;

function accrued(amount: bigint, asset: string): ModelState {
  return { ...UNKNOWN_MODEL, terms: { ...UNKNOWN_MODEL.terms, asset }, accrued: amount };
}

describe('the journal of an oracle', () => {
  it('splits a fee between the model and the protocol', () => {
    const charge = { asset: NATIVE, fee: 999n, receiverPart: 699n, protocolPart: 300n };
    expect(accrualEntry(11n, charge)).toEqual({
      asset: NATIVE,
      entry: {
        kind: 'accrual',
        postings: [
          { account: 'income/requests', amountWei: -999n },
          { account: 'upstream/11', amountWei: 699n },
          { account: 'protocol', amountWei: 300n },
        ],
      },
    });
  });

  it('never pays out more than a model has accrued', () => {
    const accounts = new AccountBalances([['upstream/11', 699n]]);
    expect(() => accounts.book(payoutEntry(11n, NATIVE, 700n).entry)).toThrow(
      'a payout would bring the account upstream/11 to -1',
    );
  });

  it('takes the accrued number from one asset to the other when the token changes', () => {
    const entries = termsEntries(7n, accrued(5n, NATIVE), accrued(5n, MONEY));
    expect(entries.map(({ asset, entry }) => [asset, ...entry.postings])).toEqual([
      [
        NATIVE,
        { account: 'upstream/7', amountWei: -5n },
        { account: 'token-change/7', amountWei: 5n },
      ],
      [
        MONEY,
        { account: 'upstream/7', amountWei: 5n },
        { account: 'token-change/7', amountWei: -5n },
      ],
    ]);
    expect(termsEntries(7n, accrued(0n, NATIVE), accrued(0n, MONEY))).toEqual([]);
    expect(termsEntries(7n, accrued(5n, MONEY), accrued(5n, MONEY))).toEqual([]);
  });
});

describe('the journal of a sale', () => {
  const refund = { kind: 'refund', raiseAmount: 11n } as const;

  it('never refunds more than is in escrow', () => {
    const accounts = new AccountBalances([['escrow', 10n]]);
    const entry = saleJournalEntry({ paidTo: 'escrow', mayHoldMore: false }, refund, 10n);
    expect(() => entry && accounts.book(entry)).toThrow(
      'a refund would bring the account escrow to -1',
    );
  });

  it('says where a contract that can hold more has the rest from', () => {
    const entry = saleJournalEntry({ paidTo: 'escrow', mayHoldMore: true }, refund, 10n);
    expect(entry?.postings).toEqual([
      { account: 'income/unseen', amountWei: -1n },
      { account: 'escrow', amountWei: -10n },
      { account: 'refunded', amountWei: 11n },
    ]);
  });
});

describe('what a token holds by its journal', () => {
  it('is the sum of the pools after each entry, and income is not part of it', () => {
    const accounts = new AccountBalances([
      ['claimable/1', 30n],
      ['redeemable', 5n],
      ['income/oracle', -35n],
    ]);
    expect(accounts.heldWei()).toBe(35n);
    accounts.book(receiptEntry(100n, 'oracle'));
    expect(accounts.heldWei()).toBe(135n);
    const effect = {
      snapshotId: 2,
      newRevenueWei: 100n,
      claimableWei: 110n,
      supply: 1n,
      freshWei: 80n,
      rolledOverWei: 30n,
      redeemableAddedWei: 20n,
    };
    for (const entry of snapshotEntries(effect, 1)) accounts.book(entry);
    expect(accounts.heldWei()).toBe(135n);
    expect(accounts.of('claimable/2')).toBe(110n);
  });
});
