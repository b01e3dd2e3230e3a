import type { Address } from '../../../address.js';
import { lastOperationId } from '../../ids.js';
import {
  decodeOperation,
  OPERATION_COLUMNS,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  type OperationValues,
} from '../operations/operation.js';
import { byId } from '../operations/operationSelect.js';
import { type Hex, hexOf, optionalAddress } from '../query/decode.js';
import type { VersionedKey, VersionTable } from '../query/versionPages.js';
import {
  addressColumn,
  booleanColumn,
  integerColumn,
  numericColumn,
  type WhereColumns,
} from '../query/where.js';
import type { ModelEvent } from './modelHistory.js';

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
  /** Its first `OUTPUT_BYTES_AT_MOST` bytes. */
  readonly output: Hex;
  /** Bytes of the whole output. */
  readonly outputLength: number;
}

/** An answer in a list of all of them; its `tokenNumber` is our number of the oracle. */
export interface ResultOperation extends OperationRecord {
  readonly requestId: bigint;
  readonly isUpdate: boolean | null;
  readonly account: Address | null;
  readonly invoker: Address | null;
  readonly output: Hex;
  readonly outputLength: number;
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
  requestId: numericColumn('o.request_id'),
  isUpdate: booleanColumn('o.is_update'),
  account: addressColumn('o.account'),
  invoker: addressColumn('o.invoker'),
};

export interface ResultFilter {
  readonly requestId?: bigint | null;
}

interface ResultColumns extends OperationColumns {
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly request_id: string;
  readonly is_update: boolean | null;
  readonly account: Buffer | null;
  readonly invoker: Buffer | null;
  readonly output: Buffer;
  readonly output_length: number;
}

/** A page may have a thousand results, and an output may have megabytes. */
export const OUTPUT_BYTES_AT_MOST = 32_768;
const OUTPUT_COLUMNS = `substring(o.output FROM 1 FOR ${OUTPUT_BYTES_AT_MOST}) AS output,
    octet_length(o.output) AS output_length`;

export const ORACLE_RESULTS: OperationKind<ResultColumns, ResultOperation, ResultFilter> = {
  table: 'oracle_result',
  columns: ['o.request_id', 'o.is_update', 'o.account', 'o.invoker', OUTPUT_COLUMNS],
  // Results move no money: a list of them goes by the chain only.
  amountColumn: 'position',
  amountIndex: null,

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
    outputLength: columns.output_length,
  }),

  amountOf: ({ position }) => BigInt(position),
};

/** A result of a request, with what it says that it answers. */
export interface ResultVersion extends OracleResult {
  readonly requestId: bigint;
  readonly account: Address | null;
}

type VersionColumns = Omit<ResultColumns, 'token_number' | 'chain_id' | 'position'>;

/** What the results of a request can be narrowed by: as those in the list of all. */
export interface ResultVersionValues extends ResultValues {
  readonly oracle: Address;
}

const ofOracle = (column: string) =>
  `(SELECT c.${column} FROM contract c WHERE c.number = o.contract_number)`;

/**
 * The results with the id of a request that came after it. Requests of one block can share an id
 * at the oracle; no event says which of them a result is of, so they share it here.
 */
export const RESULT_VERSIONS: VersionTable<VersionColumns, ResultVersion, ResultVersionValues> = {
  name: 'oracle_result',
  columns: `o.id, o.block_number, o."timestamp", o.transaction_hash, o.transaction_index,
    o.request_id, o.is_update, o.account, o.invoker, ${OUTPUT_COLUMNS}`,
  contractColumn: 'contract_number',
  idColumn: 'request_id',
  where: {
    ...RESULT_COLUMNS,
    chainId: integerColumn(ofOracle('chain_id')),
    oracle: addressColumn(ofOracle('address')),
  },
  decode: (columns) => ({
    id: columns.id,
    block: columns.block_number,
    timestamp: columns.timestamp,
    transactionHash: hexOf(columns.transaction_hash),
    transactionIndex: columns.transaction_index,
    requestId: BigInt(columns.request_id),
    isUpdate: columns.is_update,
    account: optionalAddress(columns.account),
    invoker: optionalAddress(columns.invoker),
    output: hexOf(columns.output),
    outputLength: columns.output_length,
  }),
};

/** What has the results of a request, as of a block. */
export function resultsOf({ id, contractNumber, requestId, block }: RequestAsOf): VersionedKey {
  return { contractNumber, id: requestId, low: id, high: lastOperationId(contractNumber, block) };
}
