import { type Address, addressFromBytes } from '../../address.js';
import { lastOperationId, operationId } from '../ids.js';
import { type Hex, hexOf } from './decode.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { OracleAsOf } from './modelStates.js';
import type { Direction } from './operation.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows } from './statement.js';
import {
  addressColumn,
  amountColumn,
  hexColumn,
  integerColumn,
  textColumn,
  timeColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from './where.js';

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
export interface EventTable<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
> {
  readonly name: string;
  /** What its events can be narrowed by. */
  readonly where: WhereColumns<Values>;
  decode(columns: Columns): Event;
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
    amount: amountColumn('amount'),
  },
  decode: (columns) => ({
    ...decodeEvent(columns),
    cause: columns.cause,
    caller: addressFromBytes(columns.caller),
    receiver: addressFromBytes(columns.receiver),
    asset: columns.asset,
    amount: BigInt(columns.amount),
  }),
};

/** Which events of a model. */
export interface EventQuery<Values extends object> extends ModelAsOf {
  readonly where?: Where<Values> | null;
  readonly direction: Direction;
}

/** A page of a model's events, in the order of the chain. A key is a row id. */
export function readModelEvents<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
>(
  db: Queryable,
  table: EventTable<Columns, Event, Values>,
  query: EventQuery<Values>,
  request: PageRequest<string>,
): Promise<Page<Event>> {
  const isAscending = query.direction === 'ASC';
  return readKeysetPage(
    {
      keyOf: ({ id }) => id,
      compare: (left, right) => (isAscending ? 1 : -1) * compareValues(left, right),
      async fetch(start: string | null, isBackward, limit) {
        const isUp = isAscending !== isBackward;
        const [comparison, order] = isUp ? ['>', 'ASC'] : ['<', 'DESC'];
        const parameters = new Parameters();
        const conditions = conditionsOf(table, query, parameters);
        if (start !== null) conditions.push(`id ${comparison} ${parameters.add(start)}`);
        const rows = await readComposedRows<Columns>(
          db,
          `${table.name}s`,
          `SELECT * FROM ${table.name} WHERE ${conditions.join(' AND ')}
           ORDER BY id ${order} LIMIT ${parameters.add(limit)}`,
          parameters,
        );
        return rows.map(table.decode);
      },
    },
    request,
  );
}

/** How many events of a kind a model had. */
export async function countModelEvents<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
>(
  db: Queryable,
  table: EventTable<Columns, Event, Values>,
  query: EventQuery<Values>,
): Promise<number> {
  const parameters = new Parameters();
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    `${table.name}_count`,
    `SELECT count(*) FROM ${table.name}
     WHERE ${conditionsOf(table, query, parameters).join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

function conditionsOf<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
>(
  { where: columns }: EventTable<Columns, Event, Values>,
  { contractNumber, modelId, block, where }: EventQuery<Values>,
  parameters: Parameters,
): string[] {
  return [
    `contract_number = ${parameters.add(contractNumber)}`,
    `model_id = ${parameters.add(modelId)}`,
    `id >= ${parameters.add(operationId(contractNumber, 0, 0))}`,
    `id <= ${parameters.add(lastOperationId(contractNumber, block))}`,
    ...whereConditions(where, columns, parameters),
  ];
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
