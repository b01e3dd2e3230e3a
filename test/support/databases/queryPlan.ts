import type pg from 'pg';

/** A node of a plan of PostgreSQL, after it was run. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement reads. */
export interface Reading {
  /** Pages of tables and indexes, from memory or not. */
  readonly pages: number;
  /** Rows of tables and indexes, those included that are then left out. */
  readonly rows: number;
}

/** Runs a statement and says what it reads. */
export async function planOf(
  pool: pg.Pool,
  text: string,
  values: unknown[] | undefined,
): Promise<Reading> {
  const explained = await pool.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>({
    text: `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`,
    ...(values === undefined ? {} : { values }),
  });
  const root = explained.rows[0]?.['QUERY PLAN'][0].Plan;
  if (root === undefined) throw new RangeError(`no plan of ${text}`);
  return { pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'], rows: rowsOf(root) };
}

const READS_ROWS = /Seq Scan|Index Scan|Index Only Scan|Bitmap Heap Scan/;

function rowsOf(node: PlanNode): number {
  const perLoop =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  const own = READS_ROWS.test(node['Node Type']) ? perLoop * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), own);
}
