import type { AmountKey } from '../../store/read/operations/operationPage.js';
import {
  countModelEvents,
  type EventFigure,
  eventKey,
  readModelEvents,
} from '../../store/read/oracles/modelEventPage.js';
import type {
  EventColumns,
  EventTable,
  ModelEvent,
} from '../../store/read/oracles/modelHistory.js';
import type { Where } from '../../store/read/query/where.js';
import type { ModelNode } from '../objects/oracles/model.js';
import type { ApiContext } from '../request/context.js';
import { type Connection, connection } from './engine/connection.js';
import { amountCursor, type CursorCodec, rowIdCursor } from './engine/cursor.js';
import type { Conditions, StoredListArgs } from './engine/defineStoredList.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';

/** Events in chain order: by row id only. */
function chainCodec(list: string): CursorCodec<AmountKey> {
  const codec = rowIdCursor(list);
  return {
    list,
    encode: ({ id }) => codec.encode(id),
    decode(parts) {
      const id = codec.decode(parts);
      return id === null ? null : { amount: 0n, id };
    },
  };
}

/** The common parts of lists of events. */
interface EventList {
  conditions(where: Where<object> | null | undefined): Conditions | undefined;
  figureOf<Event extends ModelEvent>(order: string): EventFigure<Event> | null;
}

/**
 * A page of the events of a model, in chain order or by what was paid.
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`
 */
export async function modelEventList<Columns extends EventColumns, Event extends ModelEvent, Node>(
  { db, budget }: ApiContext,
  { table, list }: { readonly table: EventTable<Columns, Event>; readonly list: EventList },
  { record, asOf, modelId }: ModelNode,
  { where, orderBy, direction, ...pageArgs }: StoredListArgs<string>,
  toNode: (event: Event) => Node,
): Promise<Connection<Node>> {
  const figure = list.figureOf<Event>(orderBy);
  const name = `${table.name}:${record.contractNumber}:${modelId}`;
  const codec = figure === null ? chainCodec(name) : amountCursor(name);
  assertBounded(where);
  const request = pageRequest(pageArgs, codec);
  budget.spendPage();
  const of = { contractNumber: record.contractNumber, modelId, block: asOf.block };
  const query = { ...of, where: list.conditions(where), figure, direction };
  return connection({
    page: await readModelEvents(db, table, query, request),
    codec,
    asOf: [asOf],
    keyOf: (event) => eventKey(query, event),
    toNode,
    count: () => countModelEvents(db, table, query),
  });
}
