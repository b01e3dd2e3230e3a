import { type Address, addressFromBytes } from '../../../address.js';
import { type Hex, hexOf } from '../query/decode.js';
import {
  addressColumn,
  hexColumn,
  integerColumn,
  numericColumn,
  textColumn,
  timeColumn,
  type WhereColumns,
} from '../query/where.js';

/** Something that happened to a model. */
export interface ModelEvent {
  /** Row id: sorts in the order of the chain. */
  readonly id: string;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
}

/** A change of a model's terms, with the terms after it. */
export interface ModelChange extends ModelEvent {
  /** `upload`, `update`, `fee`, `receiver`, `percentage` or `removal`. */
  readonly kind: string;
  readonly exists: boolean;
  readonly fee: bigint;
  readonly receiver: Address;
  readonly receiverPercentage: number;
  readonly asset: string;
}

/** Revenue of a model that was paid to its receiver. */
export interface ModelPayout extends ModelEvent {
  /** `claim` or `removal`. */
  readonly cause: string;
  readonly caller: Address;
  readonly receiver: Address;
  readonly asset: string;
  readonly amount: bigint;
}

/** The columns that every event has. */
export interface EventColumns {
  readonly id: string;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
}

interface ChangeColumns extends EventColumns {
  readonly kind: string;
  readonly exists: boolean;
  readonly fee: string;
  readonly receiver: Buffer;
  readonly receiver_percentage: number;
  readonly asset: string;
}

interface PayoutColumns extends EventColumns {
  readonly cause: string;
  readonly caller: Buffer;
  readonly receiver: Buffer;
  readonly asset: string;
  readonly amount: string;
}

/** A table with a row for each event of a kind. */
export interface EventTable<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
> {
  readonly name: string;
  /** What its events can be narrowed by. */
  readonly where: WhereColumns<Values>;
  decode(columns: Columns): Event;
  /** What they can be ordered by beside the chain: a column that an index has, and its value. */
  readonly amount?: { readonly column: string; of(event: Event): bigint };
}

/** What every event can be narrowed by. */
interface EventValues {
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
}

export interface ModelChangeValues extends EventValues {
  readonly kind: string;
}

export interface ModelPayoutValues extends EventValues {
  readonly cause: string;
  readonly caller: Address;
  readonly receiver: Address;
  readonly paymentToken: Address | null;
  readonly amount: bigint;
}

const EVENT_COLUMNS: WhereColumns<EventValues> = {
  block: integerColumn('block_number'),
  timestamp: timeColumn('"timestamp"'),
  transactionHash: hexColumn('transaction_hash'),
};

export const MODEL_CHANGES: EventTable<ChangeColumns, ModelChange, ModelChangeValues> = {
  name: 'model_change',
  where: { ...EVENT_COLUMNS, kind: textColumn('kind') },
  decode: (columns) => ({
    ...decodeEvent(columns),
    kind: columns.kind,
    exists: columns.exists,
    fee: BigInt(columns.fee),
    receiver: addressFromBytes(columns.receiver),
    receiverPercentage: columns.receiver_percentage,
    asset: columns.asset,
  }),
};

export const MODEL_PAYOUTS: EventTable<PayoutColumns, ModelPayout, ModelPayoutValues> = {
  name: 'model_payout',
  where: {
    ...EVENT_COLUMNS,
    cause: textColumn('cause'),
    caller: addressColumn('caller'),
    receiver: addressColumn('receiver'),
    paymentToken: textColumn("nullif(asset, 'native')"),
    amount: numericColumn('amount'),
  },
  amount: { column: 'amount', of: ({ amount }) => amount },
  decode: (columns) => ({
    ...decodeEvent(columns),
    cause: columns.cause,
    caller: addressFromBytes(columns.caller),
    receiver: addressFromBytes(columns.receiver),
    asset: columns.asset,
    amount: BigInt(columns.amount),
  }),
};

function decodeEvent(columns: EventColumns): ModelEvent {
  return {
    id: columns.id,
    block: columns.block_number,
    timestamp: columns.timestamp,
    transactionHash: hexOf(columns.transaction_hash),
    transactionIndex: columns.transaction_index,
  };
}
