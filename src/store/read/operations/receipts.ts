import { type Address, addressBytes } from '../../../address.js';
import {
  decodeReceipt,
  RECEIPT,
  type ReceiptColumns,
  type ReceiptRow,
} from '../../../model/tables/receipt.js';
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

/** ETH that reached a token. */
export interface ReceiptRecord extends OperationRecord, ReceiptRow {
  /** It is untraced and its block is not final. */
  readonly isProvisional: boolean;
}

export interface ReceiptFilter {
  readonly payer?: Address | null;
  readonly kind?: string | null;
  readonly source?: string | null;
  readonly transactionHash?: Hex | null;
  readonly amountWei?: Range<bigint> | null;
}

/**
 * Whether a receipt `o` of a window `w` may still be corrected: untraced, in a block that is not
 * final.
 */
export const IS_PROVISIONAL = `(o.kind = 'untraced' AND o.block_number > coalesce(
  (SELECT finalized_height FROM chain_cursor WHERE chain_id = w.chain_id), -1))`;

const PROVISIONAL = `${IS_PROVISIONAL} AS is_provisional`;

interface Columns extends OperationColumns, ReceiptColumns {
  readonly is_provisional: boolean;
}

export const RECEIPTS: OperationKind<Columns, ReceiptRecord, ReceiptFilter> = {
  table: RECEIPT.name,
  columns: [...rowColumns(RECEIPT), PROVISIONAL],
  amountColumn: 'amount_wei',
  amountIndex: 'kept',

  source({ payer, kind, source, transactionHash, amountWei }, parameters) {
    const where = amountConditions('o.amount_wei', amountWei, parameters);
    if (payer != null) where.push(`o.payer = ${parameters.add(addressBytes(payer))}`);
    if (source != null) where.push(`o.source = ${parameters.add(source)}`);
    if (kind != null) where.push(`o.kind = ${parameters.add(kind)}`);
    if (transactionHash != null) {
      where.push(`o.transaction_hash = ${parameters.add(hexBytes(transactionHash))}`);
    }
    return byId(RECEIPT.name, where);
  },

  decode: (columns) =>
    decodeOperation(columns, decodeReceipt(columns), { isProvisional: columns.is_provisional }),

  part(fields) {
    const part = operationPart<ReceiptRow>(RECEIPT, fields);
    if (!fields.has('isProvisional')) return part;
    return {
      columns: [...part.columns, PROVISIONAL],
      decode: (columns) =>
        Object.assign(part.decode(columns), { isProvisional: columns.is_provisional }),
    };
  },

  amountOf: ({ amountWei }) => amountWei,
};
