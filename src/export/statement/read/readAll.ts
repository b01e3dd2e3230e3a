import {
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  operationKey,
} from '../../../store/read/operations/operation.js';
import { readOperationPage } from '../../../store/read/operations/operationPage.js';
import { blockWindow } from '../../../store/read/operations/operationWindows.js';
import type { Page, PageRequest } from '../../../store/read/query/keysetPage.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import type { ChainPeriod, StatementPlace } from './statement.js';

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
export function readOperations<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
>(
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
export function statementPlaceOf({
  block,
  timestamp,
  transactionHash,
  transactionIndex,
  position,
}: StatementPlace): StatementPlace {
  return { block, timestamp, transactionHash, transactionIndex, position };
}
