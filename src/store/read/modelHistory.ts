import { type Address, addressFromBytes } from '../../address.js';
import { lastOperationId, operationId } from '../ids.js';
import { type Hex, hexOf } from './decode.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { OracleAsOf } from './modelStates.js';
import type { Direction } from './operation.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** A model of an oracle, up to the end of a block. */
export interface ModelAsOf extends OracleAsOf {
  readonly modelId: bigint;
}

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
export interface EventTable<Columns extends EventColumns, Event extends ModelEvent> {
  readonly name: string;
  decode(columns: Columns): Event;
}

export const MODEL_CHANGES: EventTable<ChangeColumns, ModelChange> = {
  name: 'model_change',
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

export const MODEL_PAYOUTS: EventTable<PayoutColumns, ModelPayout> = {
  name: 'model_payout',
  decode: (columns) => ({
    ...decodeEvent(columns),
    cause: columns.cause,
    caller: addressFromBytes(columns.caller),
    receiver: addressFromBytes(columns.receiver),
    asset: columns.asset,
    amount: BigInt(columns.amount),
  }),
};

/** A page of a model's events, in the order of the chain. A key is a row id. */
export function readModelEvents<Columns extends EventColumns, Event extends ModelEvent>(
  db: Queryable,
  { name, decode }: EventTable<Columns, Event>,
  { contractNumber, modelId, block }: ModelAsOf,
  direction: Direction,
  request: PageRequest<string>,
): Promise<Page<Event>> {
  const isAscending = direction === 'ASC';
  const first = operationId(contractNumber, 0, 0);
  const last = lastOperationId(contractNumber, block);
  return readKeysetPage(
    {
      keyOf: ({ id }) => id,
      compare: (left, right) => (isAscending ? 1 : -1) * compareValues(left, right),
      async fetch(start: string | null, isBackward, limit) {
        const isUp = isAscending !== isBackward;
        const [comparison, order] = isUp ? ['>', 'ASC'] : ['<', 'DESC'];
        const rows = await readRows<Columns>(
          db,
          `${name}s_${order}`,
          `SELECT * FROM ${name}
           WHERE contract_number = $1 AND model_id = $2 AND id >= $3 AND id <= $4
             AND ($5::text IS NULL OR id ${comparison} $5)
           ORDER BY id ${order} LIMIT $6`,
          [contractNumber, modelId, first, last, start, limit],
        );
        return rows.map(decode);
      },
    },
    request,
  );
}

/** How many events of a kind a model had. */
export async function countModelEvents(
  db: Queryable,
  { name }: { readonly name: string },
  { contractNumber, modelId, block }: ModelAsOf,
): Promise<number> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    `${name}_count`,
    `SELECT count(*) FROM ${name}
     WHERE contract_number = $1 AND model_id = $2 AND block_number <= $3`,
    [contractNumber, modelId, block],
  );
  return Number(row?.count ?? 0);
}

function decodeEvent(columns: EventColumns): ModelEvent {
  return {
    id: columns.id,
    block: columns.block_number,
    timestamp: columns.timestamp,
    transactionHash: hexOf(columns.transaction_hash),
    transactionIndex: columns.transaction_index,
  };
}
