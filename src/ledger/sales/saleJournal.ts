import { entry, type JournalEntry, type Posting, type SaleAccount } from '../journal.js';
import type { SaleEntryKind } from './sale.js';

/** What becomes of the money that is paid into a kind of sale. */
export interface SaleCustody {
  /** `escrow`: the contract keeps it; `seller`: it is passed on at once. */
  readonly paidTo: 'escrow' | 'seller';
  /** The contract can hold money that none of its entries brought, and pay with it. */
  readonly mayHoldMore: boolean;
}

/** Of an entry: its kind and what it moved, in units of the raise asset. */
interface Moved {
  readonly kind: SaleEntryKind;
  readonly raiseAmount: bigint;
}

/**
 * The journal entry of what happened in a sale; one without postings if no money moved.
 *
 * @param escrow balance of the escrow before it
 */
export function saleJournalEntry(
  { paidTo, mayHoldMore }: SaleCustody,
  { kind, raiseAmount }: Moved,
  escrow: bigint,
): JournalEntry | null {
  const destination: SaleAccount = paidTo === 'escrow' ? 'escrow' : 'proceeds';
  const paidOut = (to: SaleAccount): readonly Posting[] => {
    const unseen = mayHoldMore && raiseAmount > escrow ? raiseAmount - escrow : 0n;
    return [
      { account: 'income/unseen', amountWei: -unseen },
      { account: 'escrow', amountWei: unseen - raiseAmount },
      { account: to, amountWei: raiseAmount },
    ];
  };
  switch (kind) {
    case 'deposit':
    case 'purchase':
      return entry(kind, [
        {
          account: kind === 'deposit' ? 'income/deposits' : 'income/purchases',
          amountWei: -raiseAmount,
        },
        { account: destination, amountWei: raiseAmount },
      ]);
    case 'refund':
      return entry(kind, paidOut('refunded'));
    case 'sell':
      return entry(kind, paidOut('sold-back'));
    case 'finalisation':
      return entry(kind, paidOut('proceeds'));
    // Of the raise asset they move nothing.
    case 'allocation':
    case 'token-claim':
      return null;
  }
}
