import type { DatabaseClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { addPartition } from './addPartition.js';
import { readPartitions } from './partitions.js';
import { type Rebuild, stagingOf } from './rebuild.js';

/** How far the rows of a source are copied. */
export interface CopyState {
  readonly nextPage: number;
  readonly copiedRows: number;
}

/**
 * Makes the empty staging table with its partitions, or finds that of a run that was interrupted.
 * It is of use while the source has the rows of then: the same file, nothing newer in it. What was
 * deleted since is noticed when the rows are counted.
 */
export async function openStaging(db: DatabaseClient, job: Rebuild): Promise<CopyState> {
  const kept = await unfinishedCopy(db, job);
  if (kept !== null) return kept;
  await discardStaging(db, job);
  const staging = stagingOf(job.table);
  await db.query('BEGIN');
  await db.query(
    `CREATE TABLE ${staging} (LIKE ${job.source} INCLUDING ALL EXCLUDING INDEXES EXCLUDING CONSTRAINTS)
     PARTITION BY RANGE (token_number)`,
  );
  for (const { tablespace, ...range } of job.ranges) {
    await addPartition(db, { table: job.table, parent: staging, range, tablespace });
  }
  await db.query(
    `INSERT INTO partition_layout (table_name, numbers_each, source_file, first_xid)
     VALUES ($1, $2, pg_relation_filenode(to_regclass($3)), txid_current())
     ON CONFLICT (table_name) DO UPDATE SET numbers_each = EXCLUDED.numbers_each,
       source_file = EXCLUDED.source_file, first_xid = EXCLUDED.first_xid,
       next_page = 0, copied_rows = 0`,
    [job.table, job.numbersEach, job.source],
  );
  await db.query('COMMIT');
  return { nextPage: 0, copiedRows: 0 };
}

/** Deletes a staging table with all that was copied into it. */
async function discardStaging(db: SqlClient, { table }: Pick<Rebuild, 'table'>): Promise<void> {
  await db.query(`DROP TABLE IF EXISTS ${stagingOf(table)}`);
  await db.query('UPDATE partition_layout SET source_file = NULL WHERE table_name = $1', [table]);
}

async function unfinishedCopy(db: DatabaseClient, job: Rebuild): Promise<CopyState | null> {
  const { rows } = await db.query<{ next_page: number; copied_rows: number; age: number }>(
    `SELECT next_page, copied_rows, txid_current() - first_xid AS age FROM partition_layout
     WHERE table_name = $1 AND source_file = pg_relation_filenode(to_regclass($2))
       AND to_regclass($3) IS NOT NULL`,
    [job.table, job.source, stagingOf(job.table)],
  );
  const [row] = rows;
  if (row === undefined || !(await hasRanges(db, job))) return null;
  // A row that was written since has a newer transaction than the one in which the copy began.
  const { rows: newer } = await db.query(
    `SELECT FROM ${job.source} WHERE age(xmin) < $1::bigint LIMIT 1`,
    [row.age],
  );
  if (newer.length > 0) return null;
  return { nextPage: row.next_page, copiedRows: row.copied_rows };
}

/** Whether the staging table was made for the same ranges. */
async function hasRanges(db: SqlClient, { table, ranges }: Rebuild): Promise<boolean> {
  const text = (range: { from: number; to: number }) => `${range.from}-${range.to}`;
  const made = await readPartitions(db, stagingOf(table));
  const wanted = ranges.toSorted((a, b) => a.from - b.from);
  return made.map(text).join() === wanted.map(text).join();
}
