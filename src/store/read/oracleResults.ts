import type { Address } from '../../address.js';
import { lastOperationId } from '../ids.js';
import { type Hex, hexOf, optionalAddress } from './decode.js';
import type { ModelEvent } from './modelHistory.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

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
