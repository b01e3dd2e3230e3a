import { lastOperationId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import type { AmountKey } from '../operations/operationPage.js';
import { ordered } from '../operations/operationSelect.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import type { EventColumns, EventTable, ModelEvent } from './modelHistory.js';
import type { OracleAsOf } from './modelStates.js';

/** A model of an oracle, and the block up to which its events count. */
interface ModelAsOf extends OracleAsOf {
  readonly modelId: bigint;
}

/** An amount of events. */
export interface EventFigure<Event> {
  readonly sql: string;
  of(event: Event): bigint;
}

/** Which events of a model. */
export interface EventQuery<Event> extends ModelAsOf {
  /** More conditions on the event `o`. */
  readonly where?: (parameters: Parameters) => readonly string[];
  /** What they are ordered by before the chain: a column that an index has, and its value. */
  readonly figure: EventFigure<Event> | null;
  readonly direction: Direction;
}

/** A page of a model's events, in the order of the chain or of their amounts. */
export function readModelEvents<Columns extends EventColumns, Event extends ModelEvent>(
  db: Queryable,
  table: EventTable<Columns, Event>,
  query: EventQuery<Event>,
  request: PageRequest<AmountKey>,
): Promise<Page<Event>> {
  const isAscending = query.direction === 'ASC';
  const { figure } = query;
  const columns = figure === null ? ['id'] : [figure.sql, 'id'];
  return readKeysetPage(
    {
      keyOf: (event) => eventKey(query, event),
      compare: (left, right) =>
        (isAscending ? 1 : -1) *
        (compareValues(left.amount, right.amount) || compareValues(left.id, right.id)),
      async fetch(start: AmountKey | null, isBackward, limit) {
        const isUp = isAscending !== isBackward;
        const parameters = new Parameters();
        const conditions = conditionsOf(query, parameters);
        if (start !== null) {
          const id = `${parameters.add(start.id)}::text`;
          const key = figure === null ? id : `${parameters.add(start.amount)}::numeric, ${id}`;
          conditions.push(`(${columns.join(', ')}) ${isUp ? '>' : '<'} (${key})`);
        }
        const rows = await readComposedRows<Columns>(
          db,
          `${table.name}s`,
          `SELECT * FROM ${table.name} o WHERE ${conditions.join(' AND ')}
           ORDER BY ${ordered(columns, isUp ? 'ASC' : 'DESC')} LIMIT ${parameters.add(limit)}`,
          parameters,
        );
        return rows.map(table.decode);
      },
    },
    request,
  );
}

/** Where an event is in the list; in the order of the chain without its amount. */
export function eventKey<Event extends ModelEvent>(
  { figure }: { readonly figure: EventFigure<Event> | null },
  event: Event,
): AmountKey {
  return { amount: figure?.of(event) ?? 0n, id: event.id };
}

/** How many events of a kind a model had. */
export async function countModelEvents<Columns extends EventColumns, Event extends ModelEvent>(
  db: Queryable,
  table: EventTable<Columns, Event>,
  query: EventQuery<Event>,
): Promise<number> {
  const parameters = new Parameters();
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    `${table.name}_count`,
    `SELECT count(*) FROM ${table.name} o
     WHERE ${conditionsOf(query, parameters).join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

function conditionsOf<Event>(
  { contractNumber, modelId, block, where, figure }: EventQuery<Event>,
  parameters: Parameters,
): string[] {
  // A range of ids would draw the planner to the wrong index.
  const upTo =
    figure === null
      ? [`id <= ${parameters.add(lastOperationId(contractNumber, block))}`]
      : [`block_number <= ${parameters.add(block)}`];
  return [
    `contract_number = ${parameters.add(contractNumber)}`,
    `model_id = ${parameters.add(modelId)}`,
    ...upTo,
    ...(where?.(parameters) ?? []),
  ];
}
