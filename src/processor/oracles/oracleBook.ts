import { type Address, checksummed } from '../../address.js';
import type { FlatFeeChange, ModelRequest, OracleOperation } from '../../chain/oracle/operation.js';
import { ImoError } from '../../errors.js';
import { LedgerError } from '../../ledger/errors.js';
import {
  applyModelTerms,
  chargeRequest,
  flatModel,
  type ModelState,
  overpaymentWei,
  payOut,
  UNKNOWN_MODEL,
} from '../../ledger/oracles/oracle.js';
import type { IndexedContract } from '../../store/registry/contracts.js';
import { type OracleTransactionPlace, oracleRows } from '../../store/write/rows/oracleRows.js';
import type { RowBuffer } from '../../store/write/rows/rowBuffer.js';
import type { BookedBlock } from '../tokens/book/tokenBook.js';
import type { OracleJournal } from './oracleJournal.js';

/** The gas part of each request in wei; `null` or absent where it is not known. */
export type GasParts = ReadonlyMap<ModelRequest, bigint | null>;

/** The running books of one oracle: every model that was seen so far. */
export class OracleBook {
  private readonly models: Map<bigint, ModelState>;
  private position = 0;
  /** Models touched in the block, with what they were before it. */
  private readonly before = new Map<bigint, ModelState>();
  private readonly openings = new Map<bigint, ModelState>();
  private touched = new Set<bigint>();
  /** The fee of every model, in wei; `null`: models have terms of their own. */
  private flat: bigint | null = null;

  constructor(
    readonly oracle: IndexedContract,
    models: Iterable<readonly [bigint, ModelState]>,
    private readonly journal: OracleJournal,
  ) {
    this.models = new Map(models);
  }

  /** @throws ImoError `LEDGER_TRIAL_BALANCE` if journal and models do not say the same. */
  assertJournal(): void {
    this.journal.assertFits(this.models);
  }

  has(modelId: bigint): boolean {
    return this.models.has(modelId);
  }

  stateOf(modelId: bigint): ModelState {
    return this.models.get(modelId) ?? UNKNOWN_MODEL;
  }

  get flatFee(): bigint | null {
    return this.flat;
  }

  /**
   * The oracle has one fee for all models.
   *
   * @throws ImoError `ORACLE_DIFFERS` if the books know a model with another fee
   */
  openFlat(fee: bigint): void {
    this.flat = fee;
    for (const [modelId, { terms }] of this.models) {
      if (terms.fee !== fee) throw feeDiffers(this.oracle, `of model ${modelId}`, terms.fee, fee);
    }
  }

  /** The models that the newest block changed. */
  changedModels(): Iterable<bigint> {
    return this.before.keys();
  }

  /** Takes out the models that changed since the last time. */
  takeTouched(): bigint[] {
    const touched = [...this.touched];
    this.touched = new Set();
    return touched;
  }

  /** Takes over a model as the oracle had it before the first block in which it is seen. */
  openModel(modelId: bigint, state: ModelState): void {
    this.models.set(modelId, state);
    if (state !== UNKNOWN_MODEL) this.openings.set(modelId, state);
  }

  /** Books everything that one block did to the oracle, in the given order. */
  bookBlock(
    block: BookedBlock,
    operations: readonly OracleOperation[],
    gasParts: GasParts,
    rows: RowBuffer,
  ): void {
    this.position = 0;
    this.before.clear();
    this.journal.startBlock(block, this.openings, rows);
    for (const operation of operations) {
      try {
        this.book(block, operation, gasParts, rows);
      } catch (error) {
        throw this.explained(error, block, operation);
      }
    }
    this.writeVersions(block, rows);
  }

  private book(
    block: BookedBlock,
    operation: OracleOperation,
    gasParts: GasParts,
    rows: RowBuffer,
  ): void {
    switch (operation.kind) {
      case 'terms': {
        const { modelId, change } = operation;
        const before = this.stateOf(modelId);
        const state = this.change(modelId, applyModelTerms(before, change));
        this.journal.terms(rows, operation, before, state);
        const row = { modelId, kind: change.kind, ...state.terms };
        oracleRows.modelChange(rows, this.place(block, operation), row);
        return;
      }
      case 'flatFee':
        this.bookFlatFee(block, operation, rows);
        return;
      case 'payout': {
        const { modelId } = operation;
        const state = this.change(modelId, payOut(this.stateOf(modelId), operation));
        this.journal.payout(rows, operation, state);
        oracleRows.payout(rows, this.place(block, operation), operation);
        return;
      }
      case 'request': {
        const { modelId, batchSize } = operation;
        // A flat oracle has no register of models: one begins with the first request to it.
        if (this.flat !== null && !this.has(modelId)) this.change(modelId, flatModel(this.flat));
        const { state, charge } = chargeRequest(this.stateOf(modelId), batchSize);
        const gasPartWei = gasParts.get(operation) ?? null;
        const overpaid = overpaymentWei(charge, { ...operation, gasPartWei });
        this.change(modelId, state);
        this.journal.accrual(rows, operation, charge, state);
        const row = { ...operation, ...charge, gasPartWei, overpaymentWei: overpaid };
        oracleRows.request(rows, this.place(block, operation), row);
        return;
      }
      case 'result':
        oracleRows.result(rows, this.place(block, operation), operation);
        return;
      case 'gasPriceCall':
        return;
    }
  }

  private bookFlatFee(block: BookedBlock, operation: FlatFeeChange, rows: RowBuffer): void {
    if (this.flat === null) return;
    const { fee } = operation;
    this.flat = fee;
    // In an order that a restart keeps: rows are numbered by it.
    const models = [...this.models].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [modelId, before] of models) {
      const state = this.change(modelId, applyModelTerms(before, { kind: 'fee', fee }));
      const row = { modelId, kind: 'fee', ...state.terms };
      oracleRows.modelChange(rows, this.place(block, operation), row);
    }
  }

  private change(modelId: bigint, state: ModelState): ModelState {
    if (!this.before.has(modelId)) this.before.set(modelId, this.stateOf(modelId));
    this.models.set(modelId, state);
    this.touched.add(modelId);
    return state;
  }

  private writeVersions(block: BookedBlock, rows: RowBuffer): void {
    for (const [modelId, state] of this.openings) {
      const row = { modelId, isOpening: true, ...state.terms, accrued: state.accrued };
      oracleRows.modelVersion(rows, this.nextPlace(block), row);
    }
    this.openings.clear();
    for (const [modelId, before] of this.before) {
      const { terms, accrued, totals } = this.stateOf(modelId);
      if (terms !== before.terms || accrued !== before.accrued) {
        const row = { modelId, isOpening: false, ...terms, accrued };
        oracleRows.modelVersion(rows, this.nextPlace(block), row);
      }
      for (const [asset, ofAsset] of totals) {
        if (ofAsset === before.totals.get(asset)) continue;
        const row = { modelId, asset, ...ofAsset };
        oracleRows.modelTotal(rows, this.nextPlace(block), row);
      }
    }
  }

  private place(
    block: BookedBlock,
    { transactionHash, transactionIndex }: OracleOperation,
  ): OracleTransactionPlace {
    return { ...this.nextPlace(block), transactionHash, transactionIndex };
  }

  private nextPlace({ number: blockNumber, timestamp }: BookedBlock) {
    const position = this.position++;
    return { contractNumber: this.oracle.number, blockNumber, timestamp, position };
  }

  /** Says which operation of which oracle broke a rule of the ledger. */
  private explained(error: unknown, block: BookedBlock, operation: OracleOperation): unknown {
    if (!(error instanceof LedgerError)) return error;
    const model = 'modelId' in operation ? `, model ${operation.modelId}` : '';
    return new ImoError(
      error.code,
      `${checksummed(this.oracle.address as Address)}, block ${block.number}${model}, ` +
        `${operation.kind} in ${operation.transactionHash}: ${error.message}`,
      error.hint,
      { cause: error },
    );
  }
}

/** The error that an oracle with one fee for all models has another one than the books say. */
export function feeDiffers(
  { address }: IndexedContract,
  what: string,
  ours: bigint,
  theirs: bigint | null,
): ImoError {
  return new ImoError(
    'ORACLE_DIFFERS',
    `fee ${what} of oracle ${checksummed(address as Address)}: the books say ${ours} wei, ` +
      `fee() ${theirs === null ? 'does not answer' : `says ${theirs} wei`}`,
    'The oracle changed its fee by an unknown function. Report it with the address.',
  );
}
