import { type Address, addressBytes } from '../../../address.js';
import {
  decodeOracleRequest,
  ORACLE_REQUEST,
  type OracleRequestColumns,
  type OracleRequestRow,
} from '../../../model/tables/oracleRequest.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { operationPart } from '../operations/operationPart.js';
import { amountConditions, byId } from '../operations/operationSelect.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';
import { rowColumns } from '../query/tableRow.js';

/** A request to a model, and what it cost. Its `tokenNumber` is our number of the oracle. */
export interface OracleRequest extends OperationRecord, OracleRequestRow {}

export interface OracleRequestFilter {
  readonly modelId?: bigint | null;
  readonly requestId?: bigint | null;
  readonly account?: Address | null;
  readonly payer?: Address | null;
  readonly callbackContract?: Address | null;
  readonly transactionHash?: Hex | null;
  readonly fee?: Range<bigint> | null;
}

interface Columns extends OperationColumns, OracleRequestColumns {}

export const ORACLE_REQUESTS: OperationKind<Columns, OracleRequest, OracleRequestFilter> = {
  table: ORACLE_REQUEST.name,
  columns: rowColumns(ORACLE_REQUEST),
  amountColumn: 'fee',
  amountIndex: 'kept',

  source(filter, parameters) {
    const { modelId, requestId, account, payer, callbackContract, transactionHash } = filter;
    const where = amountConditions('o.fee', filter.fee, parameters);
    const equals = (column: string, value: unknown) =>
      where.push(`o.${column} = ${parameters.add(value)}`);
    if (modelId != null || requestId != null) where.push('o.contract_number = w.token_number');
    if (modelId != null) equals('model_id', modelId);
    if (requestId != null) equals('request_id', requestId);
    if (account != null) equals('account', addressBytes(account));
    if (payer != null) equals('payer', addressBytes(payer));
    if (callbackContract != null) equals('callback_contract', addressBytes(callbackContract));
    if (transactionHash != null) equals('transaction_hash', hexBytes(transactionHash));
    const source = byId(ORACLE_REQUEST.name, where);
    // Lists of operations use the number of the contract that they belong to.
    return {
      ...source,
      from: '(SELECT r.*, r.contract_number AS token_number FROM oracle_request r) o',
    };
  },

  decode: (columns) => decodeOperation(columns, decodeOracleRequest(columns)),
  part: (fields) => operationPart<OracleRequestRow>(ORACLE_REQUEST, fields),

  amountOf: ({ fee }) => fee,
};
