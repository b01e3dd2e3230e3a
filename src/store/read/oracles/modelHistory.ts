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
export interface EventTable<Columns extends EventColumns, Event extends ModelEvent> {
  readonly name: string;
  decode(columns: Columns): Event;
}

export const MODEL_CHANGES: EventTable<ChangeColumns, ModelChange> = {
  name: MODEL_CHANGE.name,
  decode: (columns) => ({ ...decodeEvent(columns), ...decodeModelChange(columns) }),
};

export const MODEL_PAYOUTS: EventTable<PayoutColumns, ModelPayout> = {
  name: MODEL_PAYOUT.name,
  decode: (columns) => ({ ...decodeEvent(columns), ...decodeModelPayout(columns) }),
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
