import type { AssetTotals, ModelTerms } from '../../../ledger/oracles/oracle.js';
import { operationId } from '../../ids.js';
import { copyBytes, NULL } from '../copy/copy.js';
import type { RowBuffer, RowTable } from './rowBuffer.js';

/** Where a row of an oracle stands: its block and its place among the block's operations. */
export interface OraclePlace {
  readonly contractNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly position: number;
}

/** The place of what a transaction did. */
export interface OracleTransactionPlace extends OraclePlace {
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

export interface RequestRow {
  readonly modelId: bigint;
  readonly requestId: bigint;
  readonly account: string;
  readonly payer: string;
  readonly batchSize: bigint;
  readonly asset: string;
  readonly fee: bigint;
  readonly receiverPart: bigint;
  readonly protocolPart: bigint;
  readonly valueWei: bigint;
  readonly gasLimit: bigint;
  readonly gasPartWei: bigint | null;
  readonly overpaymentWei: bigint | null;
  readonly callbackContract: string;
}

export interface PayoutRow {
  readonly modelId: bigint;
  readonly cause: string;
  readonly caller: string;
  readonly receiver: string;
  readonly asset: string;
  readonly amount: bigint;
}

export interface ResultRow {
  readonly requestId: bigint;
  readonly isUpdate: boolean | null;
  readonly account: string | null;
  readonly invoker: string | null;
  readonly output: string;
}

const PLACE = 'id, contract_number, block_number, "timestamp"';
const IN_TRANSACTION = `${PLACE}, transaction_hash, transaction_index, position`;
const TERMS = '"exists", fee, receiver, receiver_percentage, asset';

const MODEL_VERSION: RowTable = {
  name: 'model_version',
  columns: `${PLACE}, model_id, is_opening, ${TERMS}, accrued`,
};
const MODEL_TOTAL: RowTable = {
  name: 'model_total',
  columns: `${PLACE}, model_id, asset, requests, fees, receiver_part, protocol_part, paid_out`,
};
const MODEL_CHANGE: RowTable = {
  name: 'model_change',
  columns: `${IN_TRANSACTION}, model_id, kind, ${TERMS}`,
};
const MODEL_PAYOUT: RowTable = {
  name: 'model_payout',
  columns: `${IN_TRANSACTION}, model_id, cause, caller, receiver, asset, amount`,
};
const ORACLE_REQUEST: RowTable = {
  name: 'oracle_request',
  columns: `${IN_TRANSACTION}, model_id, request_id, account, payer, batch_size, asset, fee, receiver_part, protocol_part, value_wei, gas_limit, gas_part_wei, overpayment_wei, callback_contract`,
};
const ORACLE_RESULT: RowTable = {
  name: 'oracle_result',
  columns: `${IN_TRANSACTION}, request_id, is_update, account, invoker, output`,
};

/** The rows of AI oracles, appended to a buffer. */
export const oracleRows = {
  /** Terms and accrued revenue at the end of a block, or (opening) before it. */
  modelVersion(
    rows: RowBuffer,
    place: OraclePlace,
    row: { modelId: bigint; isOpening: boolean; terms: ModelTerms; accrued: bigint },
  ): void {
    append(rows, MODEL_VERSION, [
      ...placed(place),
      row.modelId,
      row.isOpening,
      ...termValues(row.terms),
      row.accrued,
    ]);
  },

  modelTotal(
    rows: RowBuffer,
    place: OraclePlace,
    row: { modelId: bigint; asset: string; totals: AssetTotals },
  ): void {
    const { requests, fees, receiverPart, protocolPart, paidOut } = row.totals;
    const totals = [requests, fees, receiverPart, protocolPart, paidOut];
    append(rows, MODEL_TOTAL, [...placed(place), row.modelId, row.asset, ...totals]);
  },

  /** @param row `terms`: those in force after the change */
  modelChange(
    rows: RowBuffer,
    place: OracleTransactionPlace,
    row: { modelId: bigint; kind: string; terms: ModelTerms },
  ): void {
    const values = [row.modelId, row.kind, ...termValues(row.terms)];
    append(rows, MODEL_CHANGE, [...placedInTransaction(place), ...values]);
  },

  payout(rows: RowBuffer, place: OracleTransactionPlace, row: PayoutRow): void {
    append(rows, MODEL_PAYOUT, [
      ...placedInTransaction(place),
      row.modelId,
      row.cause,
      copyBytes(row.caller),
      copyBytes(row.receiver),
      row.asset,
      row.amount,
    ]);
  },

  request(rows: RowBuffer, place: OracleTransactionPlace, row: RequestRow): void {
    append(rows, ORACLE_REQUEST, [
      ...placedInTransaction(place),
      row.modelId,
      row.requestId,
      copyBytes(row.account),
      copyBytes(row.payer),
      row.batchSize,
      row.asset,
      row.fee,
      row.receiverPart,
      row.protocolPart,
      row.valueWei,
      row.gasLimit,
      row.gasPartWei,
      row.overpaymentWei,
      copyBytes(row.callbackContract),
    ]);
  },

  result(rows: RowBuffer, place: OracleTransactionPlace, row: ResultRow): void {
    append(rows, ORACLE_RESULT, [
      ...placedInTransaction(place),
      row.requestId,
      row.isUpdate,
      row.account === null ? null : copyBytes(row.account),
      row.invoker === null ? null : copyBytes(row.invoker),
      copyBytes(row.output),
    ]);
  },
};

type Value = string | number | bigint | boolean | null;

function append(rows: RowBuffer, table: RowTable, values: readonly Value[]): void {
  rows.append(table, `${values.map((value) => value ?? NULL).join('\t')}\n`);
}

function placed({ contractNumber, blockNumber, timestamp, position }: OraclePlace): Value[] {
  const id = operationId(contractNumber, blockNumber, position);
  return [id, contractNumber, blockNumber, timestamp];
}

function placedInTransaction(place: OracleTransactionPlace): Value[] {
  const { transactionHash, transactionIndex, position } = place;
  return [...placed(place), copyBytes(transactionHash), transactionIndex, position];
}

function termValues({ exists, fee, receiver, receiverPercentage, asset }: ModelTerms): Value[] {
  return [exists, fee, copyBytes(receiver), receiverPercentage, asset];
}
