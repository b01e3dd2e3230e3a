import { type Address, addressFromBytes } from '../../../address.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { byId } from '../operations/operationSelect.js';
import { type Hex, optionalHex } from '../query/decode.js';

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

/** What reached revenue tokens inside the call of a mint `o`. */
export const REVENUE_INSIDE = `(SELECT coalesce(sum(m.amount_wei), 0) FROM mint_revenue m
  WHERE m.collection_number = o.collection_number AND m.payment_id = o.id AND m.is_inside)`;

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
    `${REVENUE_INSIDE} AS revenue_wei`,
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
