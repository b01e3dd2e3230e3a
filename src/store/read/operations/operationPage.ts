import { isAmountIndexed } from '../query/amountIndex.js';
import {
  compareValues,
  type KeysetList,
  type Page,
  type PageRequest,
  readKeysetPage,
} from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters } from '../query/statement.js';
import {
  type Direction,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  operationKey,
} from './operation.js';
import { compareOperations, type OperationKey, windowsBeyond } from './operationKey.js';
import {
  notById,
  type OperationQuery,
  ordered,
  querySource,
  selectOperations,
} from './operationSelect.js';

/** The position of an operation in a list by amount. */
export interface AmountKey {
  readonly amount: bigint;
  /** Row id. */
  readonly id: string;
}

/** Columns of the answer. */
const CHAIN_ORDER = ['"timestamp"', 'chain_id', 'block_number', 'token_number', 'position'];

/**
 * Reads a page in the order of time: one statement, or two if the page continues in another chain.
 */
export function readOperationPage<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  query: OperationQuery<Filter>,
  request: PageRequest<OperationKey>,
): Promise<Page<Row>> {
  const sign = query.direction === 'ASC' ? 1 : -1;
  const list: KeysetList<Row, OperationKey> = {
    keyOf: operationKey,
    compare: (left, right) => sign * compareOperations(left, right),
    async fetch(start, isBackward, limit) {
      const direction = walked(query.direction, isBackward);
      const windows =
        start === null
          ? query.windows
          : await windowsBeyond(db, query.windows, start, direction === 'DESC');
      const parameters = new Parameters();
      const source = querySource(kind, query, parameters, direction);
      const innerOrder = ordered(source.chainOrder, direction);
      const outerOrder = ordered(CHAIN_ORDER, direction);
      const selection = { windows, source, innerOrder, outerOrder, limit };
      return selectOperations(db, kind, selection, parameters);
    },
  };
  return readKeysetPage(list, request);
}

/**
 * Reads a page in the order of amounts, equal amounts by row id. It uses an index, except for
 * operations between two blocks: of these it reads all.
 */
export async function readOperationPageByAmount<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  query: OperationQuery<Filter>,
  request: PageRequest<AmountKey>,
): Promise<Page<Row>> {
  const sign = query.direction === 'ASC' ? 1 : -1;
  const columns = [`o.${kind.amountColumn}`, 'o.id'];
  // A short range of time leaves few enough rows to sort.
  const isByIndex =
    query.windows.every(({ fromBlock }) => fromBlock === 0) &&
    (await isAmountIndexed(db, kind.amountIndex));
  const list: KeysetList<Row, AmountKey> = {
    keyOf: (row) => ({ amount: kind.amountOf(row), id: row.id }),
    compare: (left, right) =>
      sign * (compareValues(left.amount, right.amount) || compareValues(left.id, right.id)),
    fetch(start, isBackward, limit) {
      const direction = walked(query.direction, isBackward);
      const parameters = new Parameters();
      const source = querySource(kind, query, parameters, direction);
      const where = isByIndex ? notById(source) : [...source.where];
      if (start !== null) {
        const key = `${parameters.add(start.amount)}::numeric, ${parameters.add(start.id)}::text`;
        where.push(`(${columns.join(', ')}) ${direction === 'ASC' ? '>' : '<'} (${key})`);
      }
      const selection = {
        innerOrder: ordered(columns, direction),
        outerOrder: ordered(['ordering_amount', 'id'], direction),
        ordering: [`o.${kind.amountColumn} AS ordering_amount`],
        limit,
      };
      return selectOperations(
        db,
        kind,
        { ...selection, windows: query.windows, source: { ...source, where } },
        parameters,
      );
    },
  };
  return readKeysetPage(list, request);
}

/** The direction of reading: a page from the end of the list is read backwards. */
function walked(direction: Direction, isBackward: boolean): Direction {
  return (direction === 'ASC') === isBackward ? 'DESC' : 'ASC';
}
