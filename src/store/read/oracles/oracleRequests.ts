import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { amountConditions, byId } from '../operations/operationSelect.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';

/** A request to a model, and what it cost. Its `tokenNumber` is our number of the oracle. */
export interface OracleRequest extends OperationRecord {
  readonly modelId: bigint;
  readonly requestId: bigint;
  readonly account: Address;
  readonly payer: Address;
  readonly batchSize: bigint;
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly fee: bigint;
  readonly receiverPart: bigint;
  readonly protocolPart: bigint;
  readonly valueWei: bigint;
  readonly gasLimit: bigint;
  /** `null` where the oracle's gas price at that moment is not known. */
  readonly gasPartWei: bigint | null;
  readonly overpaymentWei: bigint | null;
  readonly callbackContract: Address;
}

export interface OracleRequestFilter {
  readonly modelId?: bigint | null;
  readonly requestId?: bigint | null;
  readonly account?: Address | null;
  readonly payer?: Address | null;
  readonly callbackContract?: Address | null;
  readonly transactionHash?: Hex | null;
  readonly fee?: Range<bigint> | null;
}

interface Columns extends OperationColumns {
  readonly model_id: string;
  readonly request_id: string;
  readonly account: Buffer;
  readonly payer: Buffer;
  readonly batch_size: string;
  readonly asset: string;
  readonly fee: string;
  readonly receiver_part: string;
  readonly protocol_part: string;
  readonly value_wei: string;
  readonly gas_limit: string;
  readonly gas_part_wei: string | null;
  readonly overpayment_wei: string | null;
  readonly callback_contract: Buffer;
}

const COLUMNS = [
  'model_id',
  'request_id',
  'account',
  'payer',
  'batch_size',
  'asset',
  'fee',
  'receiver_part',
  'protocol_part',
  'value_wei',
  'gas_limit',
  'gas_part_wei',
  'overpayment_wei',
  'callback_contract',
];

export const ORACLE_REQUESTS: OperationKind<Columns, OracleRequest, OracleRequestFilter> = {
  table: 'oracle_request',
  columns: COLUMNS.map((column) => `o.${column}`),
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
    const source = byId('oracle_request', where);
    // Lists of operations go by the number of the contract that they belong to.
    return {
      ...source,
      from: '(SELECT r.*, r.contract_number AS token_number FROM oracle_request r) o',
    };
  },

  decode: (columns) => ({
    ...decodeOperation(columns),
    modelId: BigInt(columns.model_id),
    requestId: BigInt(columns.request_id),
    account: addressFromBytes(columns.account),
    payer: addressFromBytes(columns.payer),
    batchSize: BigInt(columns.batch_size),
    asset: columns.asset,
    fee: BigInt(columns.fee),
    receiverPart: BigInt(columns.receiver_part),
    protocolPart: BigInt(columns.protocol_part),
    valueWei: BigInt(columns.value_wei),
    gasLimit: BigInt(columns.gas_limit),
    gasPartWei: columns.gas_part_wei === null ? null : BigInt(columns.gas_part_wei),
    overpaymentWei: columns.overpayment_wei === null ? null : BigInt(columns.overpayment_wei),
    callbackContract: addressFromBytes(columns.callback_contract),
  }),

  amountOf: ({ fee }) => fee,
};
