import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import { type Hex, hexBytes, optionalAddress, optionalHex, type Range } from '../query/decode.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from './operation.js';
import { amountConditions, byId } from './operationSelect.js';

/** ETH that reached a token. */
export interface ReceiptRecord extends OperationRecord {
  /** The caller of the frame that brought it; `null` if no frame explains it. */
  readonly payer: Address | null;
  readonly amountWei: bigint;
  /** `call`, `creation`, `selfdestruct` or `untraced`. */
  readonly kind: string;
  /** First four bytes of the call data, if it had any. */
  readonly selector: Hex | null;
  /** `oracle`, `collection`, `sale`, `known`, `unknown` or `untraced`. */
  readonly source: string;
  readonly sourceAddress: Address | null;
  readonly modelId: bigint | null;
  /** `mint` or `royalty`, of a collection; `null` where nothing tells. */
  readonly collectionPart: string | null;
  /** What brought an untraced receipt; `null` for any other. */
  readonly cause: string | null;
  /** It is untraced, and its block is not final. */
  readonly isProvisional: boolean;
  /** From the sender of the transaction to the payer. */
  readonly path: readonly Address[];
}

export interface ReceiptFilter {
  readonly payer?: Address | null;
  readonly kind?: string | null;
  readonly source?: string | null;
  readonly transactionHash?: Hex | null;
  readonly amountWei?: Range<bigint> | null;
}

/** Whether a receipt `o` of a window `w` may still be taken back: untraced, in a block that is not final. */
export const IS_PROVISIONAL = `(o.kind = 'untraced' AND o.block_number > coalesce(
  (SELECT finalized_height FROM chain_cursor WHERE chain_id = w.chain_id), -1))`;

interface Columns extends OperationColumns {
  readonly payer: Buffer | null;
  readonly amount_wei: string;
  readonly kind: string;
  readonly selector: Buffer | null;
  readonly source: string;
  readonly source_address: Buffer | null;
  readonly model_id: string | null;
  readonly collection_part: string | null;
  readonly cause: string | null;
  readonly is_provisional: boolean;
  readonly path: readonly Buffer[];
}

export const RECEIPTS: OperationKind<Columns, ReceiptRecord, ReceiptFilter> = {
  table: 'receipt',
  columns: [
    'o.payer',
    'o.amount_wei',
    'o.kind',
    'o.selector',
    'o.source',
    'o.source_address',
    'o.model_id',
    'o.collection_part',
    'o.cause',
    `${IS_PROVISIONAL} AS is_provisional`,
    'o.path',
  ],
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
    return byId('receipt', where);
  },

  decode: (columns) => ({
    ...decodeOperation(columns),
    payer: optionalAddress(columns.payer),
    amountWei: BigInt(columns.amount_wei),
    kind: columns.kind,
    selector: optionalHex(columns.selector),
    source: columns.source,
    sourceAddress: optionalAddress(columns.source_address),
    modelId: columns.model_id === null ? null : BigInt(columns.model_id),
    collectionPart: columns.collection_part,
    cause: columns.cause,
    isProvisional: columns.is_provisional,
    path: columns.path.map(addressFromBytes),
  }),

  amountOf: ({ amountWei }) => amountWei,
};
