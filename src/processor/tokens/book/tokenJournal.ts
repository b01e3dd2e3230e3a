import type { Address } from '../../../address.js';
import { AccountBalances, type JournalEntry } from '../../../ledger/journal.js';
import { appendEntry } from '../../../store/write/rows/journalRows.js';
import type { RowBuffer } from '../../../store/write/rows/rowBuffer.js';
import type { ReceiptPlace } from '../../../store/write/rows/tokenRows.js';

/** The asset of every movement of ETH. */
export const NATIVE = 'native';

/** The running journal of one token in one asset: the balance of each account. */
export class TokenJournal {
  /** @param asset `native`, or the address of an ERC-20 */
  constructor(
    private readonly accounts: AccountBalances,
    private readonly asset: string,
  ) {}

  /** What the contract holds by the journal, in wei. */
  get heldWei(): bigint {
    return this.accounts.heldWei();
  }

  /**
   * Books the entries of one operation; the first has the operation's position, the others
   * those that follow it.
   *
   * @returns how many positions they take
   * @throws LedgerError `LEDGER_NEGATIVE_POOL`
   */
  book(
    rows: RowBuffer,
    place: ReceiptPlace,
    holder: Address | null,
    entries: readonly JournalEntry[],
  ): number {
    entries.forEach((entry, index) => {
      this.accounts.book(entry);
      const postings = entry.postings.map((posting) => ({
        ...posting,
        balanceWei: this.accounts.of(posting.account),
      }));
      if (postings.length === 0) return;
      const placed = { ...place, position: place.position + index };
      appendEntry(rows, placed, this.asset, { kind: entry.kind, holder, postings });
    });
    return entries.length;
  }
}
