import { type Address, checksummed } from '../../address.js';
import type { SaleEntry } from '../../chain/sales/entry.js';
import { ImoError } from '../../errors.js';
import { LedgerError } from '../../ledger/errors.js';
import type { SaleAccount } from '../../ledger/journal.js';
import { NO_PARTICIPATION, type Participation, type SaleState } from '../../ledger/sales/sale.js';
import { saleJournalEntry } from '../../ledger/sales/saleJournal.js';
import { applyMovement, endSale, finaliseSale } from '../../ledger/sales/saleMovements.js';
import { LAST_BLOCK } from '../../store/ids.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readParticipations } from '../../store/read/sales/participations.js';
import type { SaleVersion } from '../../store/read/sales/saleVersions.js';
import type { RowBuffer } from '../../store/write/rows/rowBuffer.js';
import { saleRows } from '../../store/write/rows/saleRows.js';
import { type ContractJournal, NO_JOURNAL_HINT } from '../tokens/book/contractJournal.js';
import type { BookedBlock } from '../tokens/book/tokenBook.js';
import { NATIVE } from '../tokens/book/tokenJournal.js';
import type { IndexedSale } from './openSales.js';

/** The running books of one sale: its totals and its participants. */
export class SaleBook {
  private state: SaleState;
  private participantCount: number;
  /** `null`: has no entry yet. Holds everyone whose newest entry is not committed. */
  private readonly participations = new Map<Address, Participation | null>();
  /** It has entries that were not compared with the contract. */
  isUnchecked = false;

  constructor(
    readonly sale: IndexedSale,
    { state, participants }: SaleVersion,
    private readonly journal: ContractJournal,
  ) {
    this.state = state;
    this.participantCount = participants;
  }

  /** Accounts kept in memory. */
  get size(): number {
    return this.participations.size;
  }

  /** Paid in so far, in units of the raise asset. */
  get raised(): bigint {
    return this.state.raised;
  }

  /** The end is fixed in time and was not reached in any block that was booked. */
  endsBy(timestampMs: number): boolean {
    const { endsAt } = this.sale;
    return endsAt !== null && !this.state.hasEnded && BigInt(timestampMs) >= endsAt * 1000n;
  }

  /** Makes the accounts known, with one query for all that are not. */
  async load(db: Queryable, accounts: Iterable<Address>): Promise<void> {
    const unknown = [...new Set(accounts)].filter((account) => !this.participations.has(account));
    if (unknown.length === 0) return;
    const asOf = { saleNumber: this.sale.number, block: LAST_BLOCK };
    const rows = await readParticipations(db, asOf, unknown);
    for (const account of unknown) this.participations.set(account, null);
    for (const row of rows) this.participations.set(row.participant, row.participation);
  }

  /**
   * Books everything that one block did to the sale, in order.
   *
   * @param isFirstAfterEnd the block is the first one at or after the sale's end.
   */
  bookBlock(
    block: BookedBlock,
    entries: readonly SaleEntry[],
    isFirstAfterEnd: boolean,
    rows: RowBuffer,
  ): void {
    const place = {
      saleNumber: this.sale.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
    };
    if (isFirstAfterEnd) this.state = endSale(this.state);
    if (entries.length > 0) this.isUnchecked = true;
    this.journal.startBlock(block);
    entries.forEach((entry, position) => {
      try {
        const after = this.apply(entry);
        this.post(rows, entry);
        const { transactionHash, transactionIndex } = entry;
        const at = { ...place, position, transactionHash, transactionIndex };
        saleRows.entry(rows, at, { ...entry, ...after });
      } catch (error) {
        throw this.explained(error, block, entry);
      }
    });
    this.assertJournal(block);
    const { lastTrade } = this.state;
    saleRows.version(rows, place, {
      ...this.state,
      participants: this.participantCount,
      lastRaiseAmount: lastTrade?.raiseAmount ?? null,
      lastTokenAmount: lastTrade?.tokenAmount ?? null,
    });
  }

  /**
   * The journal and the totals must say the same.
   *
   * @param block `null`: at the start
   * @throws ImoError `LEDGER_TRIAL_BALANCE`
   */
  assertJournal(block: BookedBlock | null = null): void {
    const { raised, refunded, proceeds } = this.state;
    const { contract } = this.sale;
    const asset = contract.raiseAsset ?? NATIVE;
    const of = (account: SaleAccount) => this.journal.of(asset, account);
    const paidIn = -(of('income/deposits') + of('income/purchases'));
    if (paidIn === raised && of('refunded') === refunded && of('sold-back') === proceeds) return;
    throw new ImoError(
      'LEDGER_TRIAL_BALANCE',
      `sale ${checksummed(contract.address)}, ${block === null ? 'last commit' : `block ${block.number}`}: ` +
        `the journal says ${paidIn} paid in, ${of('refunded')} refunded, ${of('sold-back')} sold ` +
        `back; the totals ${raised}, ${refunded}, ${proceeds}`,
      block === null ? NO_JOURNAL_HINT : 'This is a bug in imo-ledger. Report it.',
    );
  }

  /** Forgets who can be read again; only allowed when all of it is committed. */
  clear(): void {
    this.participations.clear();
  }

  /** @returns the totals of the participant after the entry. */
  private apply(entry: SaleEntry): Participation {
    const { terms } = this.sale;
    const { kind, participant } = entry;
    if (kind === 'finalisation') {
      this.state = finaliseSale(terms, this.state);
      return NO_PARTICIPATION;
    }
    if (participant === null) throw new Error(`a ${kind} without a participant`);
    const known = this.participations.get(participant);
    if (known === undefined) throw new Error(`participation of ${participant} was not loaded`);
    const before = known ?? NO_PARTICIPATION;
    const effect = applyMovement(terms, this.state, before, { ...entry, kind });
    if (known === null) this.participantCount++;
    this.state = effect.state;
    this.participations.set(participant, effect.participation);
    return effect.participation;
  }

  private post(rows: RowBuffer, moved: SaleEntry): void {
    const { adapter, contract } = this.sale;
    const asset = contract.raiseAsset ?? NATIVE;
    const escrow = this.journal.of(asset, 'escrow');
    const entry = saleJournalEntry(adapter.custody, moved, escrow);
    const { participant: holder, transactionHash, transactionIndex } = moved;
    if (entry === null) return;
    this.journal.book(rows, { holder, transactionHash, transactionIndex }, asset, entry);
  }

  /** Says which entry of which sale broke a rule of the ledger. */
  private explained(error: unknown, block: BookedBlock, entry: SaleEntry): unknown {
    if (!(error instanceof LedgerError)) return error;
    return new ImoError(
      error.code,
      `sale ${checksummed(this.sale.contract.address)}, block ${block.number}, ${entry.kind} of ` +
        `${entry.participant ?? 'nobody'} in ${entry.transactionHash}: ${error.message}`,
      error.hint,
      { cause: error },
    );
  }
}
