import { ImoError } from '../../errors.js';
import type { DatabaseClient } from '../database/postgres.js';
import { type Rebuild, stagingOf } from './rebuild.js';
import type { CopyState } from './staging.js';

/** 16 MB of rows in a transaction: what a kill can lose. */
const PAGES_AT_ONCE = 2_048;
/** Earlier versions read a whole table to find the rows of some pages. */
const PAGES_SINCE = 140_000;

/**
 * Copies the rows of the source into the staging table, in the order of its pages, in transactions
 * that also note how far they are. Nobody writes the source meanwhile.
 *
 * @param onPages how many pages of the source are copied, of how many
 * @throws ImoError `PARTITIONS_STOPPED` when the signal aborts, `PARTITIONS_CHANGED` if other rows are
 *   in the source than were copied
 */
export async function copyToStaging(
  db: DatabaseClient,
  job: Rebuild,
  state: CopyState,
  { signal, onPages }: { signal: AbortSignal; onPages: (done: number, of: number) => void },
): Promise<void> {
  const { rows } = await db.query<{ pages: number; version: number }>(
    `SELECT pg_relation_size(to_regclass($1)) / current_setting('block_size')::bigint AS pages,
       current_setting('server_version_num')::integer AS version`,
    [job.source],
  );
  const { pages = 0, version = 0 } = rows[0] ?? {};
  const atOnce = version >= PAGES_SINCE ? PAGES_AT_ONCE : pages;
  let { nextPage, copiedRows } = state;
  while (nextPage < pages) {
    stopIfAsked(signal, job);
    const end = Math.min(nextPage + atOnce, pages);
    copiedRows += await copyPages(db, job, nextPage, end);
    nextPage = end;
    onPages(nextPage, pages);
  }
  const counted = await db.query<{ count: number }>(`SELECT count(*) AS count FROM ${job.source}`);
  const count = counted.rows[0]?.count ?? 0;
  if (count === copiedRows) return;
  await db.query('UPDATE partition_layout SET source_file = NULL WHERE table_name = $1', [
    job.table,
  ]);
  throw new ImoError(
    'PARTITIONS_CHANGED',
    `${job.table} has ${count} rows, and ${copiedRows} were copied: rows were deleted since an earlier run`,
    'The table is as it was. Run the command again: it copies the table from the start.',
  );
}

async function copyPages(
  db: DatabaseClient,
  { table, source }: Rebuild,
  from: number,
  to: number,
): Promise<number> {
  await db.query('BEGIN');
  const { rowCount } = await db.query(
    `INSERT INTO ${stagingOf(table)} SELECT * FROM ${source}
     WHERE ctid >= '(${from},0)'::tid AND ctid < '(${to},0)'::tid`,
  );
  const rows = rowCount ?? 0;
  await db.query(
    `UPDATE partition_layout SET next_page = $2, copied_rows = copied_rows + $3 WHERE table_name = $1`,
    [table, to, rows],
  );
  await db.query('COMMIT');
  return rows;
}

/** @throws ImoError `PARTITIONS_STOPPED` */
export function stopIfAsked(signal: AbortSignal, { table }: Pick<Rebuild, 'table'>): void {
  if (!signal.aborted) return;
  throw new ImoError(
    'PARTITIONS_STOPPED',
    `the command was stopped while it copied ${table}`,
    'The table is as it was. Run the command again: it continues where it stopped.',
  );
}
