import type { Address } from '../../address.js';
import { lastOperationId } from '../ids.js';
import { type Hex, hexOf, optionalAddress } from './decode.js';
import type { ModelEvent } from './modelHistory.js';
import {
  decodeOperation,
  OPERATION_COLUMNS,
  type Operation,
  type OperationColumns,
  type OperationKind,
  type OperationValues,
} from './operation.js';
import { byId } from './operationSelect.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';
import { addressColumn, amountColumn, booleanColumn, type WhereColumns } from './where.js';

/** A request, as of a block. */
export interface RequestAsOf {
  /** Row id of the request. */
  readonly id: string;
  readonly contractNumber: number;
  readonly requestId: bigint;
  readonly block: number;
}

/** An answer to a request. */
export interface OracleResult extends ModelEvent {
  /** Delivered after a challenge; `null`: by a function that we do not know. */
  readonly isUpdate: boolean | null;
  readonly invoker: Address | null;
  readonly output: Hex;
}

/** An answer in a list of all of them; its `tokenNumber` is our number of the oracle. */
export interface ResultOperation extends Operation {
  readonly requestId: bigint;
  readonly isUpdate: boolean | null;
  readonly account: Address | null;
  readonly invoker: Address | null;
  readonly output: Hex;
}

/** What results can be narrowed by. */
export interface ResultValues extends OperationValues {
  readonly requestId: bigint;
  readonly isUpdate: boolean | null;
  readonly account: Address | null;
  readonly invoker: Address | null;
}

export const RESULT_COLUMNS: WhereColumns<ResultValues> = {
  ...OPERATION_COLUMNS,
  requestId: amountColumn('o.request_id'),
  isUpdate: booleanColumn('o.is_update'),
  account: addressColumn('o.account'),
  invoker: addressColumn('o.invoker'),
};

export interface ResultFilter {
  readonly requestId?: bigint | null;
}

interface ResultColumns extends OperationColumns {
  readonly request_id: string;
  readonly is_update: boolean | null;
  readonly account: Buffer | null;
  readonly invoker: Buffer | null;
  readonly output: Buffer;
}

export const ORACLE_RESULTS: OperationKind<ResultColumns, ResultOperation, ResultFilter> = {
  table: 'oracle_result',
  columns: ['o.request_id', 'o.is_update', 'o.account', 'o.invoker', 'o.output'],
  // Results move no money: a list of them goes by the chain only.
  amountColumn: 'position',

  source({ requestId }, parameters) {
    const where =
      requestId == null
        ? []
        : [
            'o.contract_number = w.token_number',
            `o.request_id = ${parameters.add(requestId)}::numeric`,
          ];
    const from = '(SELECT r.*, r.contract_number AS token_number FROM oracle_result r) o';
    return { ...byId('oracle_result', where), from };
  },

  decode: (columns) => ({
    ...decodeOperation(columns),
    requestId: BigInt(columns.request_id),
    isUpdate: columns.is_update,
    account: optionalAddress(columns.account),
    invoker: optionalAddress(columns.invoker),
    output: hexOf(columns.output),
  }),

  amountOf: ({ position }) => BigInt(position),
};

interface Row {
  readonly ordinal: string;
  readonly id: string;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly is_update: boolean | null;
  readonly invoker: Buffer | null;
  readonly output: Buffer;
}

/**
 * The results with the id of each request that came after it, in the order of the chain. An
 * oracle answers requests that share an id with one result, so they share it here.
 */
export async function readResults(
  db: Queryable,
  requests: readonly RequestAsOf[],
): Promise<OracleResult[][]> {
  const rows = await readRows<Row>(
    db,
    'oracle_results',
    `SELECT k.ordinal, r.id, r.block_number, r."timestamp", r.transaction_hash,
       r.transaction_index, r.is_update, r.invoker, r.output
     FROM unnest($1::integer[], $2::numeric[], $3::text[], $4::text[])
       WITH ORDINALITY AS k(contract_number, request_id, low, high, ordinal)
     JOIN oracle_result r ON r.contract_number = k.contract_number
       AND r.request_id = k.request_id AND r.id > k.low AND r.id <= k.high
     ORDER BY k.ordinal, r.id`,
    [
      requests.map(({ contractNumber }) => contractNumber),
      requests.map(({ requestId }) => requestId),
      requests.map(({ id }) => id),
      requests.map(({ contractNumber, block }) => lastOperationId(contractNumber, block)),
    ],
  );
  const results: OracleResult[][] = requests.map(() => []);
  for (const row of rows) {
    results[Number(row.ordinal) - 1]?.push({
      id: row.id,
      block: row.block_number,
      timestamp: row.timestamp,
      transactionHash: hexOf(row.transaction_hash),
      transactionIndex: row.transaction_index,
      isUpdate: row.is_update,
      invoker: optionalAddress(row.invoker),
      output: hexOf(row.output),
    });
  }
  return results;
}
