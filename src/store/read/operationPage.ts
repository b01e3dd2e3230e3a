import type { Address } from '../../address.js';
import type { Hex } from './decode.js';
import {
  compareValues,
  EMPTY_PAGE,
  type KeysetList,
  type Page,
  type PageRequest,
  readKeysetPage,
} from './keysetPage.js';
import { compareOperations, type OperationKey, windowsBeyond } from './operationKey.js';
import type { OperationWindow } from './operationWindows.js';
import { Parameters, type Queryable, readComposedRows } from './queryable.js';

/** What every operation has: where and when it happened. */
export interface Operation {
  /** Row id; unique among all operations of its kind. */
  readonly id: string;
  readonly tokenNumber: number;
  readonly chainId: number;
  readonly block: number;
  readonly timestamp: Date;
  /** `null` for money that no transaction brought. */
  readonly transactionHash: Hex | null;
  readonly transactionIndex: number | null;
  /** Place among the token's operations of the block, in execution order. */
  readonly position: number;
}

export interface OperationColumns {
  readonly id: string;
  readonly token_number: number;
  readonly chain_id: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer | null;
  readonly transaction_index: number | null;
  readonly position: number;
}

/** Which end of the chain comes first, or which amount. */
export type Direction = 'ASC' | 'DESC';

/** Where an operation stands in a list by amount. */
export interface AmountKey {
  readonly amount: bigint;
  readonly id: string;
}

/** A FROM item and its condition: the operations `o` of one window `w`. */
export interface OperationSource {
  readonly from: string;
  readonly where: readonly string[];
  /** Columns that put the operations of one token in chain order. */
  readonly chainOrder: readonly string[];
}

/** One kind of operation: its table and how to read a row. */
export interface OperationKind<Columns extends OperationColumns, Row extends Operation, Filter> {
  readonly table: string;
  /** Columns beside those of every operation, of table `o`. */
  readonly columns: readonly string[];
  /** The column that orders a list by amount. */
  readonly amountColumn: string;
  source(filter: Filter, parameters: Parameters): OperationSource;
  decode(columns: Columns): Row;
  amountOf(row: Row): bigint;
}

/** Which operations of the windows, in which order. */
export interface OperationQuery<Filter> {
  readonly windows: readonly OperationWindow[];
  readonly filter: Filter;
  readonly direction: Direction;
}

/** A page in the order of time; one statement (a second one to go on in another chain). */
export function readOperationPage<Columns extends OperationColumns, Row extends Operation, Filter>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  query: OperationQuery<Filter>,
  request: PageRequest<OperationKey>,
): Promise<Page<Row>> {
  if (query.windows.length === 0) return Promise.resolve(EMPTY_PAGE);
  const sign = query.direction === 'ASC' ? 1 : -1;
  const list: KeysetList<Row, OperationKey> = {
    keyOf: operationKey,
    compare: (left, right) => sign * compareOperations(left, right),
    async fetch(start, isBackward, limit) {
      const direction = directionOf(query.direction, isBackward);
      const windows =
        start === null
          ? query.windows
          : await windowsBeyond(db, query.windows, start, direction === 'DESC');
      if (windows.length === 0) return [];
      const parameters = new Parameters();
      const { from, where, chainOrder } = kind.source(query.filter, parameters);
      return select(db, kind, windows, parameters, limit, {
        text: `SELECT o.* FROM ${from} ${whereAll(where)}`,
        inner: descending(chainOrder, direction),
        outer: descending(
          ['o."timestamp"', 'w.chain_id', 'o.block_number', 'o.token_number', 'o.position'],
          direction,
        ),
      });
    },
  };
  return readKeysetPage(list, request);
}

/**
 * A page in the order of amounts; equal amounts by row id. There is no index by amount (it
 * would slow down indexing), so this looks at every operation of the windows that passes the
 * filter.
 */
export function readOperationPageByAmount<
  Columns extends OperationColumns,
  Row extends Operation,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  query: OperationQuery<Filter>,
  request: PageRequest<AmountKey>,
): Promise<Page<Row>> {
  if (query.windows.length === 0) return Promise.resolve(EMPTY_PAGE);
  const sign = query.direction === 'ASC' ? 1 : -1;
  const list: KeysetList<Row, AmountKey> = {
    keyOf: (row) => ({ amount: kind.amountOf(row), id: row.id }),
    compare: (left, right) =>
      sign * (compareValues(left.amount, right.amount) || compareValues(left.id, right.id)),
    fetch(start, isBackward, limit) {
      const direction = directionOf(query.direction, isBackward);
      const parameters = new Parameters();
      const { from, where } = kind.source(query.filter, parameters);
      const columns = [`o.${kind.amountColumn}`, 'o.id'];
      const beyond =
        start === null
          ? []
          : [
              `(${columns.join(', ')}) ${direction === 'ASC' ? '>' : '<'} ` +
                `(${parameters.add(start.amount)}::numeric, ${parameters.add(start.id)}::text)`,
            ];
      const order = descending(columns, direction);
      return select(db, kind, query.windows, parameters, limit, {
        text: `SELECT o.* FROM ${from} ${whereAll([...where, ...beyond])}`,
        inner: order,
        outer: order,
      });
    },
  };
  return readKeysetPage(list, request);
}

/** How many operations of the windows pass the filter. Reads all of them. */
export async function countOperations<
  Columns extends OperationColumns,
  Row extends Operation,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  { windows, filter }: OperationQuery<Filter>,
): Promise<number> {
  if (windows.length === 0) return 0;
  const parameters = new Parameters();
  const { from, where } = kind.source(filter, parameters);
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    `${kind.table}_count`,
    `SELECT count(*) FROM ${windowItems(windows, parameters)}
     CROSS JOIN LATERAL (SELECT FROM ${from} ${whereAll(where)}) o`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

export function operationKey(row: Operation): OperationKey {
  const { chainId, block, tokenNumber, position } = row;
  return { time: row.timestamp.getTime(), chainId, block, tokenNumber, position };
}

/** The operations of a table by row id, narrowed by `where`. */
export function byId(table: string, where: readonly string[]): OperationSource {
  return {
    from: `${table} o`,
    where: ['o.id >= w.from_id', 'o.id <= w.to_id', ...where],
    chainOrder: ['o.id'],
  };
}

/** Conditions for a range of wei or of token units. */
export function amountConditions(
  column: string,
  range: { readonly gte?: bigint | null; readonly lte?: bigint | null } | null | undefined,
  parameters: Parameters,
): string[] {
  const conditions: string[] = [];
  if (range?.gte != null) conditions.push(`${column} >= ${parameters.add(range.gte)}::numeric`);
  if (range?.lte != null) conditions.push(`${column} <= ${parameters.add(range.lte)}::numeric`);
  return conditions;
}

const COMMON_COLUMNS = [
  'o.id',
  'o.token_number',
  'w.chain_id',
  'o.block_number',
  'o."timestamp"',
  'o.transaction_hash',
  'o.transaction_index',
  'o.position',
];

async function select<Columns extends OperationColumns, Row extends Operation, Filter>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  windows: readonly OperationWindow[],
  parameters: Parameters,
  limit: number,
  { text, inner, outer }: { text: string; inner: string; outer: string },
): Promise<Row[]> {
  const most = parameters.add(limit);
  // Each token gives its own first rows by index; only those few are then sorted together.
  const rows = await readComposedRows<Columns>(
    db,
    kind.table,
    `SELECT ${[...COMMON_COLUMNS, ...kind.columns].join(', ')}
     FROM ${windowItems(windows, parameters)}
     CROSS JOIN LATERAL (${text} ORDER BY ${inner} LIMIT ${most}) o
     ORDER BY ${outer} LIMIT ${most}`,
    parameters,
  );
  return rows.map((row) => kind.decode(row));
}

function windowItems(windows: readonly OperationWindow[], parameters: Parameters): string {
  const columns = [
    `${parameters.add(windows.map(({ tokenNumber }) => tokenNumber))}::integer[]`,
    `${parameters.add(windows.map(({ chainId }) => chainId))}::integer[]`,
    `${parameters.add(windows.map(({ fromBlock }) => fromBlock))}::integer[]`,
    `${parameters.add(windows.map(({ toBlock }) => toBlock))}::integer[]`,
    `${parameters.add(windows.map(({ fromId }) => fromId))}::text[]`,
    `${parameters.add(windows.map(({ toId }) => toId))}::text[]`,
  ];
  return `unnest(${columns.join(', ')})
    AS w(token_number, chain_id, from_block, to_block, from_id, to_id)`;
}

function directionOf(direction: Direction, isBackward: boolean): Direction {
  return (direction === 'ASC') === isBackward ? 'DESC' : 'ASC';
}

function descending(columns: readonly string[], direction: Direction): string {
  return columns.map((column) => `${column} ${direction}`).join(', ');
}

function whereAll(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
