import { type Address, addressBytes } from '../../../address.js';
import {
  decodeRedemption,
  REDEMPTION,
  type RedemptionColumns,
  type RedemptionRow,
} from '../../../model/tables/redemption.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';
import { rowColumns } from '../query/tableRow.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from './operation.js';
import { operationPart } from './operationPart.js';
import { amountConditions, byId } from './operationSelect.js';

/** A holder burned tokens for revenue. */
export interface RedemptionRecord extends OperationRecord, RedemptionRow {}

export interface RedemptionFilter {
  readonly holder?: Address | null;
  readonly transactionHash?: Hex | null;
  readonly amountWei?: Range<bigint> | null;
}

interface Columns extends OperationColumns, RedemptionColumns {}

export const REDEMPTIONS: OperationKind<Columns, RedemptionRecord, RedemptionFilter> = {
  table: REDEMPTION.name,
  columns: rowColumns(REDEMPTION),
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

  decode: (columns) => decodeOperation(columns, decodeRedemption(columns)),
  part: (fields) => operationPart<RedemptionRow>(REDEMPTION, fields),

  amountOf: ({ amountWei }) => amountWei,
};
