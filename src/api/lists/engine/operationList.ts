import {
  narrowedTo,
  type OperationColumns,
  type OperationRecord,
  operationKey,
} from '../../../store/read/operations/operation.js';
import {
  readOperationPage,
  readOperationPageByAmount,
} from '../../../store/read/operations/operationPage.js';
import { countOperations } from '../../../store/read/operations/operationSelect.js';
import type { ApiContext } from '../../request/context.js';
import { type OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { type Connection, connection } from './connection.js';
import { amountCursor, chainCursor } from './cursor.js';
import type { PageArgs } from './inputs.js';
import {
  type OperationOwner,
  type OperationSelectionArgs,
  type OperationSet,
  selectedOperations,
} from './operationSet.js';
import { pageRequest } from './pagination.js';

/** The arguments of a list of operations. */
export interface OperationListArgs<Filter> extends PageArgs, OperationSelectionArgs<Filter> {
  /** Default: in chain order. */
  readonly orderBy?: OperationOrderBy;
  readonly direction: OrderDirection;
}

/**
 * A page of operations of one kind.
 *
 * @param shown all that is shown of a row; `null`: anything
 * @throws ImoError as `selectedOperations`, and `QUERY_TOO_LARGE`; GraphQLError
 *   `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function operationList<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter extends object,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  Node,
>(
  context: ApiContext,
  set: OperationSet<Columns, Row, Filter, Owner, OwnerFilter, Node>,
  args: OperationListArgs<Filter & OwnerFilter>,
  shown: ReadonlySet<string> | null = null,
): Promise<Connection<Node>> {
  const { db, budget } = context;
  const isByAmount = args.orderBy === OperationOrderBy.AMOUNT;
  const ordering = isByAmount && set.amount !== null ? [set.amount] : [];
  const kind = narrowedTo(set.kind, shown === null ? null : new Set([...shown, ...ordering]));
  budget.spendPage();
  const selected = await selectedOperations(context, set, args, args.direction);
  const { query, owners, chains, asOf } = selected;
  const source = {
    asOf,
    toNode(row: Row) {
      const owner = owners.get(row.tokenNumber);
      const moment = chains.get(row.chainId);
      if (owner === undefined || moment === undefined) {
        throw new RangeError(`a row of contract ${row.tokenNumber} was not asked for`);
      }
      return set.toNode(row, owner, moment);
    },
    count: () => countOperations(db, kind, query),
  };
  if (isByAmount) {
    const codec = amountCursor(kind.table);
    const page = await readOperationPageByAmount(db, kind, query, pageRequest(args, codec));
    const keyOf = (row: Row) => ({ amount: kind.amountOf(row), id: row.id });
    return connection({ ...source, page, codec, keyOf });
  }
  const codec = chainCursor(kind.table);
  const page = await readOperationPage(db, kind, query, pageRequest(args, codec));
  return connection({ ...source, page, codec, keyOf: operationKey });
}
