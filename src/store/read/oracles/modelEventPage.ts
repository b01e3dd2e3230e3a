import { lastOperationId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import type { AmountKey } from '../operations/operationPage.js';
import { ordered } from '../operations/operationSelect.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import { type Where, whereConditions } from '../query/where.js';
import type { EventColumns, EventTable, ModelEvent } from './modelHistory.js';
import type { OracleAsOf } from './modelStates.js';

/** A model of an oracle, and the block up to which its events count. */
interface ModelAsOf extends OracleAsOf {
  readonly modelId: bigint;
}

/** Which events of a model. */
export interface EventQuery<Values extends object> extends ModelAsOf {
  readonly where?: Where<Values> | null;
  /** By amount only if the table has an amount. */
  readonly isByAmount: boolean;
  readonly direction: Direction;
}

/** A page of a model's events, in chain order or by amount. */
export function readModelEvents<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
>(
  db: Queryable,
  table: EventTable<Columns, Event, Values>,
  query: EventQuery<Values>,
  request: PageRequest<AmountKey>,
): Promise<Page<Event>> {
  const isAscending = query.direction === 'ASC';
  const amount = query.isByAmount ? table.amount : undefined;
  const columns = amount === undefined ? ['id'] : [amount.column, 'id'];
  return readKeysetPage(
    {
      keyOf: (event) => eventKey(table, query, event),
      compare: (left, right) =>
        (isAscending ? 1 : -1) *
        (compareValues(left.amount, right.amount) || compareValues(left.id, right.id)),
      async fetch(start: AmountKey | null, isBackward, limit) {
        const isUp = isAscending !== isBackward;
        const parameters = new Parameters();
        const conditions = conditionsOf(table, query, parameters);
        if (start !== null) {
          const id = `${parameters.add(start.id)}::text`;
          const key = amount === undefined ? id : `${parameters.add(start.amount)}::numeric, ${id}`;
          conditions.push(`(${columns.join(', ')}) ${isUp ? '>' : '<'} (${key})`);
        }
        const rows = await readComposedRows<Columns>(
          db,
          `${table.name}s`,
          `SELECT * FROM ${table.name} WHERE ${conditions.join(' AND ')}
           ORDER BY ${ordered(columns, isUp ? 'ASC' : 'DESC')} LIMIT ${parameters.add(limit)}`,
          parameters,
        );
        return rows.map(table.decode);
      },
    },
    request,
  );
}

/** The position of an event in the list; in chain order without its amount. */
export function eventKey<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
>(
  { amount }: EventTable<Columns, Event, Values>,
  { isByAmount }: { readonly isByAmount: boolean },
  event: Event,
): AmountKey {
  return { amount: isByAmount ? (amount?.of(event) ?? 0n) : 0n, id: event.id };
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
  { contractNumber, modelId, block, where, isByAmount }: EventQuery<Values>,
  parameters: Parameters,
): string[] {
  // A range of ids would lead the planner to the wrong index.
  const upTo = isByAmount
    ? [`block_number <= ${parameters.add(block)}`]
    : [`id <= ${parameters.add(lastOperationId(contractNumber, block))}`];
  return [
    `contract_number = ${parameters.add(contractNumber)}`,
    `model_id = ${parameters.add(modelId)}`,
    ...upTo,
    ...whereConditions(where, columns, parameters),
  ];
}
