import type { Address } from '../../../address.js';
import {
  decodeOracleResult,
  ORACLE_RESULT,
  type OracleResultColumns,
  type OracleResultRow,
} from '../../../model/tables/oracleResult.js';
import { lastOperationId } from '../../ids.js';
import { nameSql } from '../names/addressNames.js';
import {
  decodeOperation,
  OPERATION_COLUMNS,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  type OperationValues,
} from '../operations/operation.js';
import { operationPart } from '../operations/operationPart.js';
import { byId } from '../operations/operationSelect.js';
import { hexOf } from '../query/decode.js';
import { type Comparable, rowColumns, rowWhere } from '../query/tableRow.js';
import type { VersionedKey, VersionTable } from '../query/versionPages.js';
import { addressColumn, integerColumn, textColumn, type WhereColumns } from '../query/where.js';
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
export interface OracleResult
  extends ModelEvent,
    Pick<OracleResultRow, 'isUpdate' | 'invoker' | 'output'> {
  /** Bytes of the whole output, of which `output` has the first `OUTPUT_BYTES_AT_MOST`. */
  readonly outputLength: number;
}

/** An answer in a list of all of them; its `tokenNumber` is our number of the oracle. */
export interface ResultOperation extends OperationRecord, OracleResultRow {
  readonly outputLength: number;
}

/** The fields that results can be filtered by: not the output, which may have megabytes. */
export interface ResultValues
  extends OperationValues,
    Omit<Comparable<OracleResultRow>, 'output'> {}

export const RESULT_COLUMNS: WhereColumns<ResultValues> = {
  ...OPERATION_COLUMNS,
  ...rowWhere<OracleResultRow>(ORACLE_RESULT),
};

export interface ResultFilter {
  readonly requestId?: bigint | null;
}

interface ResultColumns extends OperationColumns, OracleResultColumns {
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly output_length: number;
}

/** A page may have a thousand results, and an output may have megabytes. */
export const OUTPUT_BYTES_AT_MOST = 32_768;
const OUTPUT_FIELDS = [
  `substring(o.output FROM 1 FOR ${OUTPUT_BYTES_AT_MOST}) AS output`,
  'octet_length(o.output) AS output_length',
];
const RESULT_FIELDS = [
  ...rowColumns(ORACLE_RESULT).filter((column) => column !== 'o."output"'),
  ...OUTPUT_FIELDS,
];

export const ORACLE_RESULTS: OperationKind<ResultColumns, ResultOperation, ResultFilter> = {
  table: ORACLE_RESULT.name,
  columns: RESULT_FIELDS,
  // Results do not move money, so their list has chain order only.
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
    return { ...byId(ORACLE_RESULT.name, where), from };
  },

  decode: (columns) =>
    decodeOperation(columns, decodeOracleResult(columns), { outputLength: columns.output_length }),

  part(fields) {
    const { output: _, ...others } = ORACLE_RESULT.columns;
    const table = { ...ORACLE_RESULT, columns: others };
    const part = operationPart<Omit<OracleResultRow, 'output'>>(table, fields);
    const hasOutput = fields.has('output') || fields.has('outputLength');
    if (!hasOutput) return part;
    return {
      columns: [...part.columns, ...OUTPUT_FIELDS],
      decode: (columns) =>
        Object.assign(part.decode(columns), {
          output: hexOf(columns.output),
          outputLength: columns.output_length,
        }),
    };
  },

  amountOf: ({ position }) => BigInt(position),
};

/** A result, and the request that it claims to answer. */
export interface ResultVersion extends OracleResult {
  readonly requestId: bigint;
  readonly account: Address | null;
}

type VersionColumns = Omit<ResultColumns, 'token_number' | 'chain_id' | 'position'>;

/**
 * The fields that the results of a request can be filtered by: those of the list of all results.
 */
export interface ResultVersionValues extends ResultValues {
  readonly oracle: Address;
  readonly oracleLabel: string | null;
  readonly accountLabel: string | null;
  readonly invokerLabel: string | null;
}

const ofOracle = (column: string) =>
  `(SELECT c.${column} FROM contract c WHERE c.number = o.contract_number)`;

/**
 * The results with the id of a request that came after it. Requests of one block can share an id at
 * the oracle. No event says which of them a result belongs to, so both have it.
 */
export const RESULT_VERSIONS: VersionTable<VersionColumns, ResultVersion, ResultVersionValues> = {
  name: ORACLE_RESULT.name,
  columns: `o.id, o.block_number, o."timestamp", o.transaction_hash, o.transaction_index,
    ${RESULT_FIELDS.join(', ')}`,
  contractColumn: 'contract_number',
  idColumn: 'request_id',
  where: {
    ...RESULT_COLUMNS,
    chainId: integerColumn(ofOracle('chain_id')),
    oracle: addressColumn(ofOracle('address')),
    oracleLabel: textColumn(ofOracle('label')),
    accountLabel: textColumn(`(${nameSql(ofOracle('chain_id'), 'o.account')})`),
    invokerLabel: textColumn(`(${nameSql(ofOracle('chain_id'), 'o.invoker')})`),
  },
  decode: (columns) => ({
    id: columns.id,
    block: columns.block_number,
    timestamp: columns.timestamp,
    transactionHash: hexOf(columns.transaction_hash),
    transactionIndex: columns.transaction_index,
    ...decodeOracleResult(columns),
    outputLength: columns.output_length,
  }),
};

/** A request whose results are read, as of a block. */
export function resultsOf({ id, contractNumber, requestId, block }: RequestAsOf): VersionedKey {
  return { contractNumber, id: requestId, low: id, high: lastOperationId(contractNumber, block) };
}
