import type { Address } from '../../../address.js';
import { type Account, AccountBalances, type JournalEntry } from '../../../ledger/journal.js';
import type { AccountBalance } from '../../../store/read/journal/accountBalances.js';
import { appendEntry } from '../../../store/write/rows/journalRows.js';
import type { RowBuffer } from '../../../store/write/rows/rowBuffer.js';
import type { BookedBlock } from './tokenBook.js';

/** Where a journal does not fit what was committed with it. */
export const NO_JOURNAL_HINT =
  'A version that kept no journals of oracles and sales has written to this database: index into a new one.';

/** The transaction of an entry, and whose money it is where that is known. */
export interface EntryOrigin {
  /** `null`: no transaction moved it. */
  readonly transactionHash: string | null;
  readonly transactionIndex: number | null;
  readonly holder: Address | null;
}

/** The running journal of an oracle or a sale, in each of its assets. */
export class ContractJournal {
  private readonly accounts = new Map<string, AccountBalances>();
  private block: BookedBlock | null = null;
  private position = 0;

  constructor(
    private readonly contractNumber: number,
    balances: Iterable<Pick<AccountBalance, 'asset' | 'account' | 'balanceWei'>>,
  ) {
    const byAsset = new Map<string, [Account, bigint][]>();
    for (const { asset, account, balanceWei } of balances) {
      const ofAsset = byAsset.get(asset) ?? [];
      byAsset.set(asset, ofAsset);
      ofAsset.push([account as Account, balanceWei]);
    }
    for (const [asset, ofAsset] of byAsset) this.accounts.set(asset, new AccountBalances(ofAsset));
  }

  /** The balance of an account, in the smallest unit of the asset. */
  of(asset: string, account: Account): bigint {
    return this.accounts.get(asset)?.of(account) ?? 0n;
  }

  /** The entries that follow belong to this block; to be called once for each. */
  startBlock(block: BookedBlock): void {
    this.block = block;
    this.position = 0;
  }

  /**
   * Books an entry; one without postings leaves no trace.
   *
   * @throws LedgerError `LEDGER_NEGATIVE_POOL`
   */
  book(rows: RowBuffer, origin: EntryOrigin, asset: string, entry: JournalEntry): void {
    if (entry.postings.length === 0) return;
    if (this.block === null) throw new Error('a journal entry without a block');
    const accounts = this.accounts.get(asset) ?? new AccountBalances();
    this.accounts.set(asset, accounts);
    accounts.book(entry);
    const postings = entry.postings.map((posting) => ({
      ...posting,
      balanceWei: accounts.of(posting.account),
    }));
    const { holder, transactionHash, transactionIndex } = origin;
    const place = {
      tokenNumber: this.contractNumber,
      blockNumber: this.block.number,
      timestamp: this.block.timestamp,
      position: this.position++,
      transactionHash,
      transactionIndex,
    };
    appendEntry(rows, place, asset, { kind: entry.kind, holder, postings });
  }
}
