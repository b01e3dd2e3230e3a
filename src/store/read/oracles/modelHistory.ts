import { type Address } from '../../../address.js';
import {
  decodeModelChange,
  MODEL_CHANGE,
  type ModelChangeColumns,
  type ModelChangeRow,
} from '../../../model/tables/modelChange.js';
import {
  decodeModelPayout,
  MODEL_PAYOUT,
  type ModelPayoutColumns,
  type ModelPayoutRow,
} from '../../../model/tables/modelPayout.js';
import { type Hex, hexOf } from '../query/decode.js';
import { type Comparable, rowWhere } from '../query/tableRow.js';
import {
  hexColumn,
  integerColumn,
  textColumn,
  timeColumn,
  type WhereColumns,
} from '../query/where.js';

/** An event in the life of a model. */
export interface ModelEvent {
  /** Row id: sorts in chain order. */
  readonly id: string;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
}

/** A change of a model's terms, with the terms after it. */
export interface ModelChange extends ModelEvent, ModelChangeRow {}

/** Revenue of a model that was paid to its receiver. */
export interface ModelPayout extends ModelEvent, ModelPayoutRow {}

/** The columns that every event has. */
export interface EventColumns {
  readonly id: string;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
}

interface ChangeColumns extends EventColumns, ModelChangeColumns {}

interface PayoutColumns extends EventColumns, ModelPayoutColumns {}

/** A table with a row for each event of a kind. */
export interface EventTable<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
> {
  readonly name: string;
  /** The fields that its events can be filtered by. */
  readonly where: WhereColumns<Values>;
  decode(columns: Columns): Event;
  /** The order that it supports in addition to chain order: a column of an index, and its value. */
  readonly amount?: { readonly column: string; of(event: Event): bigint };
}

/** The fields that every event can be filtered by. */
interface EventValues {
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
}

export interface ModelChangeValues extends EventValues {
  readonly kind: string;
}

export interface ModelPayoutValues
  extends EventValues,
    Omit<Comparable<ModelPayoutRow>, 'modelId' | 'asset'> {
  readonly paymentToken: Address | null;
}

const EVENT_COLUMNS: WhereColumns<EventValues> = {
  block: integerColumn('block_number'),
  timestamp: timeColumn('"timestamp"'),
  transactionHash: hexColumn('transaction_hash'),
};

export const MODEL_CHANGES: EventTable<ChangeColumns, ModelChange, ModelChangeValues> = {
  name: MODEL_CHANGE.name,
  where: { ...EVENT_COLUMNS, kind: textColumn('kind') },
  decode: (columns) => ({
    ...decodeEvent(columns),
    ...decodeModelChange(columns),
  }),
};

export const MODEL_PAYOUTS: EventTable<PayoutColumns, ModelPayout, ModelPayoutValues> = {
  name: MODEL_PAYOUT.name,
  where: {
    ...EVENT_COLUMNS,
    ...rowWhere<ModelPayoutRow>(MODEL_PAYOUT, 'model_payout'),
    paymentToken: textColumn("nullif(asset, 'native')"),
  },
  amount: { column: 'amount', of: ({ amount }) => amount },
  decode: (columns) => ({
    ...decodeEvent(columns),
    ...decodeModelPayout(columns),
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
