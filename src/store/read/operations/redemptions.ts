import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from './operation.js';
import { amountConditions, byId } from './operationSelect.js';

/** A holder burned tokens for revenue. */
export interface RedemptionRecord extends OperationRecord {
  readonly holder: Address;
  /** Tokens burned, in token units. */
  readonly burned: bigint;
  /** What the burn paid, from both pools. */
  readonly amountWei: bigint;
  readonly fromNewWei: bigint;
  readonly fromPoolWei: bigint;
}

export interface RedemptionFilter {
  readonly holder?: Address | null;
  readonly transactionHash?: Hex | null;
  readonly amountWei?: Range<bigint> | null;
}

interface Columns extends OperationColumns {
  readonly holder: Buffer;
  readonly burned: string;
  readonly amount_wei: string;
  readonly from_new_wei: string;
  readonly from_pool_wei: string;
}

export const REDEMPTIONS: OperationKind<Columns, RedemptionRecord, RedemptionFilter> = {
  table: 'redemption',
  columns: ['o.holder', 'o.burned', 'o.amount_wei', 'o.from_new_wei', 'o.from_pool_wei'],
  amountColumn: 'amount_wei',
  amountIndex: 'kept',

  source({ holder, transactionHash, amountWei }, parameters) {
    const where = amountConditions('o.amount_wei', amountWei, parameters);
    if (holder != null) {
      where.push(`o.holder = ${parameters.add(addressBytes(holder))}`);
      where.push('o.token_number = w.token_number');
    }
    if (transactionHash != null) {
      where.push(`o.transaction_hash = ${parameters.add(hexBytes(transactionHash))}`);
    }
    return byId('redemption', where);
  },

  decode: (columns) => ({
    ...decodeOperation(columns),
    holder: addressFromBytes(columns.holder),
    burned: BigInt(columns.burned),
    amountWei: BigInt(columns.amount_wei),
    fromNewWei: BigInt(columns.from_new_wei),
    fromPoolWei: BigInt(columns.from_pool_wei),
  }),

  amountOf: ({ amountWei }) => amountWei,
};
