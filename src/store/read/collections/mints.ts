import { type Address, addressFromBytes } from '../../../address.js';
import {
  decodeOperation,
  OPERATION_COLUMNS,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  type OperationValues,
} from '../operations/operation.js';
import { byId } from '../operations/operationSelect.js';
import { type Hex, optionalHex } from '../query/decode.js';
import { addressColumn, hexColumn, numericColumn, type WhereColumns } from '../query/where.js';

/** A call that minted tokens; its `tokenNumber` is our number of the collection. */
export interface Mint extends OperationRecord {
  /** The caller of the frame that minted. */
  readonly payer: Address;
  /** Who signed the transaction. */
  readonly sender: Address;
  readonly paidWei: bigint;
  readonly mintCount: bigint;
  readonly selector: Hex | null;
  /** Reached revenue tokens inside the call. */
  readonly revenueWei: bigint;
}

/** What mints can be narrowed by. */
export interface MintValues extends OperationValues {
  readonly payer: Address;
  readonly sender: Address;
  readonly paidWei: bigint;
  readonly mintCount: bigint;
  readonly selector: Hex | null;
  readonly revenueWei: bigint;
}

const REVENUE = `(SELECT coalesce(sum(m.amount_wei), 0) FROM mint_revenue m
  WHERE m.collection_number = o.collection_number AND m.payment_id = o.id AND m.is_inside)`;

export const MINT_COLUMNS: WhereColumns<MintValues> = {
  ...OPERATION_COLUMNS,
  payer: addressColumn('o.payer'),
  sender: addressColumn('o.sender'),
  paidWei: numericColumn('o.paid_wei'),
  mintCount: numericColumn('o.mint_count'),
  selector: hexColumn('o.selector'),
  revenueWei: numericColumn(REVENUE),
};

interface Columns extends OperationColumns {
  readonly payer: Buffer;
  readonly sender: Buffer;
  readonly paid_wei: string;
  readonly mint_count: string;
  readonly selector: Buffer | null;
  readonly revenue_wei: string;
}

export const MINTS: OperationKind<Columns, Mint, object> = {
  table: 'mint_payment',
  columns: [
    'o.payer',
    'o.sender',
    'o.paid_wei',
    'o.mint_count',
    'o.selector',
    `${REVENUE} AS revenue_wei`,
  ],
  amountColumn: 'paid_wei',
  amountIndex: 'kept',

  source: () => ({
    ...byId('mint_payment', []),
    from: '(SELECT p.*, p.collection_number AS token_number FROM mint_payment p) o',
  }),

  decode: (columns) => ({
    ...decodeOperation(columns),
    payer: addressFromBytes(columns.payer),
    sender: addressFromBytes(columns.sender),
    paidWei: BigInt(columns.paid_wei),
    mintCount: BigInt(columns.mint_count),
    selector: optionalHex(columns.selector),
    revenueWei: BigInt(columns.revenue_wei),
  }),

  amountOf: ({ paidWei }) => paidWei,
};
