import { lastOperationId, operationId } from '../ids.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { EventColumns, EventTable, ModelEvent } from './modelHistory.js';
import type { OracleAsOf } from './modelStates.js';
import type { Direction } from './operation.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows } from './statement.js';
import { type Where, whereConditions } from './where.js';

/** A model of an oracle, up to the end of a block. */
interface ModelAsOf extends OracleAsOf {
  readonly modelId: bigint;
}

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
