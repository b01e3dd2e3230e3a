import type { Page, PageRequest } from '../../store/read/keysetPage.js';
import {
  type Operation,
  type OperationColumns,
  type OperationKind,
  operationKey,
} from '../../store/read/operation.js';
import { readOperationPage } from '../../store/read/operationPage.js';
import { blockWindow } from '../../store/read/operationWindows.js';
import type { Queryable } from '../../store/read/queryable.js';
import type { ChainPeriod, Place } from './statement.js';

const ROWS_PER_PAGE = 1_000;

/** Every row of a list, oldest first, page by page. */
export async function readEveryPage<Row, Key>(
  keyOf: (row: Row) => Key,
  read: (request: PageRequest<Key>) => Promise<Page<Row>>,
  start: Key | null = null,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after = start;
  for (;;) {
    const page = await read({ limit: ROWS_PER_PAGE, isBackward: false, after, before: null });
    rows.push(...page.rows);
    const last = page.rows.at(-1);
    if (!page.hasNextPage || last === undefined) return rows;
    after = keyOf(last);
  }
}

/** Every operation of one kind in the books of a number, in a period, that passes the filter. */
export function readOperations<Columns extends OperationColumns, Row extends Operation, Filter>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  bookNumber: number,
  { chainId, openingBlock, closingBlock }: ChainPeriod,
  filter: Filter,
): Promise<Row[]> {
  const windows = blockWindow(bookNumber, chainId, openingBlock + 1, closingBlock);
  const query = { windows, filter, direction: 'ASC' } as const;
  return readEveryPage(operationKey, (request) => readOperationPage(db, kind, query, request));
}

/** Where an operation happened. */
export function placeOf({
  block,
  timestamp,
  transactionHash,
  transactionIndex,
  position,
}: Place): Place {
  return { block, timestamp, transactionHash, transactionIndex, position };
}
