import { countModelEvents, readModelEvents } from '../store/read/modelEventPage.js';
import type { EventColumns, EventTable, ModelEvent } from '../store/read/modelHistory.js';
import type { Where } from '../store/read/where.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { rowIdCursor } from './cursor.js';
import type { ModelEventsArgs } from './oracleInputs.js';
import { pageRequest } from './pagination.js';
import type { ModelNode } from './types/model.js';
import { assertBounded } from './whereBounds.js';

/**
 * A page of what happened to a model, in the order of the chain.
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function modelEventList<
  Columns extends EventColumns,
  Event extends ModelEvent,
  Values extends object,
  Node,
>(
  { db, budget }: ApiContext,
  table: EventTable<Columns, Event, Values>,
  { record, asOf, modelId }: ModelNode,
  args: ModelEventsArgs & { readonly where?: Where<Values> | null },
  toNode: (event: Event) => Node,
): Promise<Connection<Node>> {
  const codec = rowIdCursor(`${table.name}:${record.contractNumber}:${modelId}`);
  const { where, direction } = args;
  assertBounded(where);
  const request = pageRequest(args, codec);
  budget.spendPage();
  const { contractNumber } = record;
  const query = { contractNumber, modelId, block: asOf.block, where, direction };
  return connection({
    page: await readModelEvents(db, table, query, request),
    codec,
    asOf: [asOf],
    keyOf: ({ id }) => id,
    toNode,
    count: () => countModelEvents(db, table, query),
  });
}
