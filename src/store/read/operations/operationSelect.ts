import { needsBranches, readComposedBranches } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters } from '../query/statement.js';
import type {
  Direction,
  OperationColumns,
  OperationKind,
  OperationRecord,
  OperationSource,
} from './operation.js';
import type { OperationWindow } from './operationWindows.js';

const COMMON_COLUMNS = [
  'o.id',
  'o.token_number',
  'w.chain_id AS chain_id',
  'o.block_number',
  'o."timestamp"',
  'o.transaction_hash',
  'o.transaction_index',
  'o.position',
];

/** How to read some rows of a kind. */
export interface OperationSelection {
  readonly windows: readonly OperationWindow[];
  readonly source: OperationSource;
  /** ORDER BY for the operations of one token, and by the columns of the answer for those of all tokens. */
  readonly innerOrder: string;
  readonly outerOrder: string;
  /** More columns of the answer, for the order. */
  readonly ordering?: readonly string[];
  readonly limit: number;
}

/** Reads the first rows; `parameters` holds the values of the source. */
export async function selectOperations<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  { windows, source, innerOrder, outerOrder, ordering = [], limit }: OperationSelection,
  parameters: Parameters,
): Promise<Row[]> {
  if (windows.length === 0) return [];
  const most = parameters.add(limit);
  parameters.isNarrowed = kind.isNarrowed ?? false;
  // Each token contributes its first rows by index. Only those few are sorted together.
  const rows = await readComposedBranches<Columns>(
    db,
    kind.table,
    await windowBranches(
      db,
      windows,
      `SELECT ${[...COMMON_COLUMNS, ...kind.columns, ...ordering].join(', ')}
       FROM (
         SELECT o.* FROM ${source.from} ${whereAll(source.where)}
         ORDER BY ${innerOrder} LIMIT ${most}
       ) o`,
      parameters,
    ),
    (union) => `${union} ORDER BY ${outerOrder} LIMIT ${most}`,
    parameters,
  );
  return rows.map((row) => kind.decode(row));
}

/** Counts the operations of the windows that pass the filter. Reads all of them. */
export async function countOperations<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row, Filter>,
  query: OperationQuery<Filter>,
): Promise<number> {
  const { windows } = query;
  if (windows.length === 0) return 0;
  const parameters = new Parameters();
  const { from, where } = querySource(kind, query, parameters, 'ASC');
  const [row] = await readComposedBranches<{ readonly count: string }>(
    db,
    `${kind.table}_count`,
    await windowBranches(
      db,
      windows,
      `SELECT count(*) FROM (SELECT FROM ${from} ${whereAll(where)}) o`,
      parameters,
    ),
    (union) =>
      windows.length === 1 ? union : `SELECT sum(count) AS count FROM (${union}) counted`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

/** The operations of one window that a query wants. */
export function querySource<Columns extends OperationColumns, Row extends OperationRecord, Filter>(
  kind: OperationKind<Columns, Row, Filter>,
  { filter, where }: OperationQuery<Filter>,
  parameters: Parameters,
  direction: Direction,
): OperationSource {
  const source = kind.source(filter, parameters, direction);
  return { ...source, where: [...source.where, ...(where?.(parameters) ?? [])] };
}

/** The operations `o` of a window `w`, as a range of the primary key. */
const ID_RANGE: readonly string[] = [
  'o.token_number = w.token_number',
  'o.id >= w.from_id',
  'o.id <= w.to_id',
];

/** The operations of a table by row id, filtered by `where`. */
export function byId(table: string, where: readonly string[]): OperationSource {
  return {
    from: `${table} o`,
    where: [...ID_RANGE, ...where],
    chainOrder: ['o.id'],
  };
}

/**
 * The same operations, written so that another index finds them, for windows that start with the
 * chain. The planner expects any range of ids to be small, and would read and sort all of it.
 */
export function notById({ where }: OperationSource): string[] {
  const rest = where.filter((condition) => !ID_RANGE.includes(condition));
  return [...rest, 'o.token_number = w.token_number', 'o.block_number <= w.to_block'];
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

/** ORDER BY of columns that all have the same direction. */
export function ordered(columns: readonly string[], direction: Direction): string {
  return columns.map((column) => `${column} ${direction}`).join(', ');
}

function windowItems(windows: readonly OperationWindow[], parameters: Parameters): string {
  const columns = [
    `${parameters.add(windows.map(({ tokenNumber }) => tokenNumber))}::integer[]`,
    `${parameters.add(windows.map(({ chainId }) => chainId))}::bigint[]`,
    `${parameters.add(windows.map(({ fromBlock }) => fromBlock))}::bigint[]`,
    `${parameters.add(windows.map(({ toBlock }) => toBlock))}::bigint[]`,
    `${parameters.add(windows.map(({ fromId }) => fromId))}::text[]`,
    `${parameters.add(windows.map(({ toId }) => toId))}::text[]`,
  ];
  return `unnest(${columns.join(', ')})
    AS w(token_number, chain_id, from_block, to_block, from_id, to_id)`;
}

const WINDOW_COLUMN = /\bw\.(token_number|chain_id|from_block|to_block|from_id|to_id)\b/g;

/**
 * The branches of a statement about windows: a SELECT for each, in which the columns of `w` are its own parameters; or
 * one for all of them, where `w` is a row for each.
 *
 * @param select SQL about one window `w`; never built from client input
 */
export async function windowBranches(
  db: Queryable,
  windows: readonly OperationWindow[],
  select: string,
  parameters: Parameters,
): Promise<string[]> {
  if (!(await needsBranches(db, windows.length))) {
    const all = windowItems(windows, parameters);
    return [`SELECT o.* FROM ${all} CROSS JOIN LATERAL (${select}) o`];
  }
  const used = new Set(select.match(WINDOW_COLUMN));
  return windows.map((window) => {
    const values = new Map<string, string>();
    const add = (column: string, value: unknown, type: string) => {
      if (used.has(column)) values.set(column, `${parameters.add(value)}::${type}`);
    };
    add('w.token_number', window.tokenNumber, 'integer');
    add('w.chain_id', window.chainId, 'bigint');
    add('w.from_block', window.fromBlock, 'bigint');
    add('w.to_block', window.toBlock, 'bigint');
    add('w.from_id', window.fromId, 'text');
    add('w.to_id', window.toId, 'text');
    return select.replace(WINDOW_COLUMN, (column) => values.get(column) ?? column);
  });
}

export function whereAll(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

/** Which operations of the windows, in which order. */
export interface OperationQuery<Filter> {
  readonly windows: readonly OperationWindow[];
  readonly filter: Filter;
  /** More conditions on the rows `o` of a window `w`. */
  readonly where?: (parameters: Parameters) => readonly string[];
  readonly direction: Direction;
}
