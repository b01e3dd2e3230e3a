import { ImoError } from '../../errors.js';
import { assertWritable } from '../database/connect.js';
import { MIGRATION_LOCK } from '../database/knownMigrations.js';
import { connectClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { refuseDistributed, SHARDS_HINT } from '../distributed/distribution.js';
import {
  type NumberRange,
  PARTITIONED_TABLES,
  type PartitionedTable,
  readPartitionedTables,
  usualRange,
} from './partitions.js';
import type { RebuildSessions } from './rebuild.js';
import { runRebuild } from './runRebuild.js';
import { keepIndexersAway } from './writersAway.js';

/** Without a number, a database of today gets so many partitions at most. */
const PARTITIONS_AT_MOST = 64;

/** How far the tables are, in bytes of the tables with their indexes. */
export interface PartitionProgress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface PartitionOptions {
  /** How many numbers a partition has; `null`: as before, else by the size of the database. */
  readonly numbersEach: number | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PartitionProgress) => void;
  readonly onWaiting: (table: string) => void;
}

/**
 * Partitions the large tables by ranges of token numbers: those that are not partitioned yet.
 *
 * @returns the tables that were partitioned
 * @throws ImoError `CHAIN_LOCKED`, `TABLE_WRITTEN`, `TABLE_HAS_VIEWS`, `PARTITIONS_STOPPED`,
 *   `PARTITIONS_CHANGED`
 */
export async function partitionTables(
  url: string,
  options: PartitionOptions,
): Promise<PartitionedTable[]> {
  return withSessions(url, async (sessions) => {
    const { guard, worker } = sessions;
    const done = new Set(await readPartitionedTables(guard));
    const tables = PARTITIONED_TABLES.filter((table) => !done.has(table));
    const numbersEach = await choose(guard, options.numbersEach);
    await guard.query('UPDATE partition_layout SET numbers_each = $1', [numbersEach]);
    if (tables.length === 0) return [];
    for (const table of tables) await refuseViews(guard, table);
    const ranges = await usedRanges(guard, numbersEach);
    const sizes = await readSizes(worker, tables);
    const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    let before = 0;
    for (const table of tables) {
      const size = sizes.get(table) ?? 0;
      const at = before;
      const job = {
        table,
        source: table,
        numbersEach,
        ranges: ranges.map((range) => ({ ...range, tablespace: null })),
      };
      await runRebuild(sessions, job, {
        ...options,
        onShare: (share) =>
          options.onProgress({ table, done: Math.round(at + size * share), total }),
      });
      before += size;
    }
    return tables;
  });
}

/** Opens both sessions, while nobody else migrates or indexes. */
export async function withSessions<T>(
  url: string,
  work: (sessions: RebuildSessions) => Promise<T>,
): Promise<T> {
  const settings = { connectionString: url, application_name: 'imo-ledger partitions' };
  const guard = await connectClient(settings);
  try {
    await assertWritable(guard);
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseDistributed(guard, '`migrate --partitions` or `partition`', SHARDS_HINT);
    await keepIndexersAway(guard);
    const worker = await connectClient(settings);
    try {
      return await work({ guard, worker });
    } finally {
      await worker.end();
    }
  } finally {
    await guard.end();
  }
}

/** How many numbers a partition has from now on. */
async function choose(db: SqlClient, wanted: number | null): Promise<number> {
  if (wanted !== null) return wanted;
  const { rows } = await db.query<{ each: number | null; last: number }>(
    `SELECT (SELECT max(numbers_each) FROM partition_layout) AS each,
       (SELECT coalesce(max(number), 0) FROM (${NUMBERS}) AS given) AS last`,
  );
  const { each = null, last = 0 } = rows[0] ?? {};
  return each ?? Math.max(1, Math.ceil(last / PARTITIONS_AT_MOST));
}

/**
 * Every number that may have rows in the tables: those of leaving books until they are deleted. Sales and oracles
 * have a journal of what they hold.
 */
const NUMBERS = `SELECT number FROM token UNION SELECT number FROM revenue_asset
  UNION SELECT number FROM contract WHERE kind IN ('sale', 'oracle') UNION SELECT number FROM leaving_books`;

async function usedRanges(db: SqlClient, numbersEach: number): Promise<NumberRange[]> {
  const { rows } = await db.query<{ number: number }>(
    `SELECT number FROM (${NUMBERS}) AS given ORDER BY number`,
  );
  const ranges = new Map<number, NumberRange>();
  for (const { number } of rows) {
    const range = usualRange(number, numbersEach);
    ranges.set(range.from, range);
  }
  return [...ranges.values()];
}

/** Bytes on disk with indexes, by table. */
async function readSizes(db: SqlClient, tables: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ name: string; bytes: number }>(
    'SELECT name, pg_total_relation_size(to_regclass(name)) AS bytes FROM unnest($1::text[]) AS name',
    [tables],
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

/** Somebody's view would keep the old table, or be lost with it. */
async function refuseViews(db: SqlClient, table: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT DISTINCT r.ev_class::regclass::text AS name FROM pg_depend d
     JOIN pg_rewrite r ON r.oid = d.objid
     WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = to_regclass($1)
     ORDER BY name`,
    [table],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new ImoError(
    'TABLE_HAS_VIEWS',
    `the table ${table} cannot be replaced: ${names} reads it`,
    'Nothing is changed. Drop the view, run the command again, then create the view again.',
  );
}
