import { type Address, checksummed } from '../../address.js';
import type {
  ModelRequest,
  ModelTermsChange,
  RevenuePayout,
} from '../../chain/oracle/operation.js';
import { ImoError } from '../../errors.js';
import { LedgerError } from '../../ledger/errors.js';
import type { ModelState, RequestCharge } from '../../ledger/oracles/oracle.js';
import {
  type AssetEntry,
  accrualEntry,
  openingEntry,
  payoutEntry,
  termsEntries,
} from '../../ledger/oracles/oracleJournal.js';
import type { RowBuffer } from '../../store/write/rows/rowBuffer.js';
import { type ContractJournal, NO_JOURNAL_HINT } from '../tokens/book/contractJournal.js';
import type { BookedBlock } from '../tokens/book/tokenBook.js';

/** Models by id. */
type Models = ReadonlyMap<bigint, ModelState>;

/**
 * The running journal of an oracle. After each operation what is upstream of a model by the
 * journal is what the model has accrued, or the operation is refused.
 */
export class OracleJournal {
  constructor(
    private readonly oracle: Address,
    private readonly journal: ContractJournal,
  ) {}

  /** Begins a block with what indexing found of the models that it is the first to touch. */
  startBlock(block: BookedBlock, openings: Models, rows: RowBuffer): void {
    this.journal.startBlock(block);
    const origin = { transactionHash: null, transactionIndex: null, holder: null };
    for (const [modelId, state] of openings) {
      const { asset, entry } = openingEntry(modelId, state);
      this.journal.book(rows, origin, asset, entry);
    }
  }

  /** @throws LedgerError `LEDGER_NEGATIVE_POOL` or `LEDGER_TRIAL_BALANCE` */
  terms(rows: RowBuffer, change: ModelTermsChange, before: ModelState, after: ModelState): void {
    this.post(rows, change, null, after, termsEntries(change.modelId, before, after));
  }

  /** @throws LedgerError as `terms` */
  payout(rows: RowBuffer, payout: RevenuePayout, after: ModelState): void {
    const { modelId, asset, amount, receiver } = payout;
    this.post(rows, payout, receiver, after, [payoutEntry(modelId, asset, amount)]);
  }

  /** @throws LedgerError as `terms` */
  accrual(rows: RowBuffer, request: ModelRequest, charge: RequestCharge, after: ModelState): void {
    this.post(rows, request, null, after, [accrualEntry(request.modelId, charge)]);
  }

  /** @throws ImoError `LEDGER_TRIAL_BALANCE` if it does not say what the models say. */
  assertFits(models: Models): void {
    for (const [modelId, state] of models) {
      const difference = this.differenceOf(modelId, state);
      if (difference === null) continue;
      throw new ImoError(
        'LEDGER_TRIAL_BALANCE',
        `${checksummed(this.oracle)}, model ${modelId}, last commit: ${difference}`,
        NO_JOURNAL_HINT,
      );
    }
  }

  private post(
    rows: RowBuffer,
    { modelId, transactionHash, transactionIndex }: ModelTermsChange | RevenuePayout | ModelRequest,
    holder: Address | null,
    after: ModelState,
    entries: readonly AssetEntry[],
  ): void {
    for (const { asset, entry } of entries) {
      this.journal.book(rows, { transactionHash, transactionIndex, holder }, asset, entry);
    }
    const difference = this.differenceOf(modelId, after);
    if (difference === null) return;
    throw new LedgerError(
      'LEDGER_TRIAL_BALANCE',
      difference,
      'This is a bug in imo-ledger. Report it with the transaction.',
    );
  }

  private differenceOf(modelId: bigint, { terms, accrued }: ModelState): string | null {
    const upstream = this.journal.of(terms.asset, `upstream/${modelId}`);
    if (upstream === accrued) return null;
    return `the journal says that ${upstream} (${terms.asset}) is accrued, the model ${accrued}`;
  }
}
