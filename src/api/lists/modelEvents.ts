import type { AmountKey } from '../../store/read/operations/operationPage.js';
import {
  countModelEvents,
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
import { OperationOrderBy } from '../values/orderEnums.js';
import { type Connection, connection } from './engine/connection.js';
import { amountCursor, type CursorCodec, rowIdCursor } from './engine/cursor.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import type { ModelEventsArgs } from './inputs/oracleInputs.js';

/** Events in the order of the chain: by row id alone. */
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

/**
 * A page of what happened to a model, in the order of the chain or of what was paid.
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
  args: ModelEventsArgs & {
    readonly where?: Where<Values> | null;
    readonly orderBy?: OperationOrderBy;
  },
  toNode: (event: Event) => Node,
): Promise<Connection<Node>> {
  const { where, direction } = args;
  const isByAmount = args.orderBy === OperationOrderBy.AMOUNT;
  const list = `${table.name}:${record.contractNumber}:${modelId}`;
  const codec = isByAmount ? amountCursor(list) : chainCodec(list);
  assertBounded(where);
  const request = pageRequest(args, codec);
  budget.spendPage();
  const { contractNumber } = record;
  const query = { contractNumber, modelId, block: asOf.block, where, isByAmount, direction };
  return connection({
    page: await readModelEvents(db, table, query, request),
    codec,
    asOf: [asOf],
    keyOf: (event) => eventKey(table, query, event),
    toNode,
    count: () => countModelEvents(db, table, query),
  });
}
