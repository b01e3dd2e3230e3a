import type { ClientBase } from 'pg';

/** Key of the advisory lock: any number that no other program on the server uses. */
const INDEXING_LOCK = 7641_2027;

/**
 * Creates the missing indexes of `deferred_index`. Their keys are random, so a backfill would have
 * to write them row by row. Writers do not wait meanwhile. An index that an interrupted process
 * left incomplete is created again.
 *
 * @returns whether all of them exist; `false` while another process creates them
 */
export async function makeDeferredIndexes(client: ClientBase): Promise<boolean> {
  const lock = await client.query<{ readonly is_ours: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS is_ours',
    [INDEXING_LOCK],
  );
  if (lock.rows[0]?.is_ours !== true) return false;
  try {
    for (const index of await missingIndexes(client)) await makeIndex(client, index);
    return true;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [INDEXING_LOCK]);
  }
}

interface MissingIndex {
  readonly name: string;
  /** The table and what follows it: `transfer (token_number, amount, id)`. */
  readonly columns: string;
  /** The index exists, but no query may use it. */
  readonly is_broken: boolean;
  readonly is_partitioned: boolean;
}

/** Names and columns come from a migration. */
async function makeIndex(client: ClientBase, index: MissingIndex): Promise<void> {
  const { name, columns, is_broken, is_partitioned } = index;
  if (is_partitioned) return makePartitionedIndex(client, index);
  if (is_broken) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
  await client.query(`CREATE INDEX CONCURRENTLY ${name} ON ${columns}`);
}

/**
 * PostgreSQL makes no index of a partitioned table concurrently. So each partition gets its own, and the
 * one of the table, which has no rows, takes them over. It counts as made with the last of them. A
 * partition that is added meanwhile brings its own.
 */
async function makePartitionedIndex(
  client: ClientBase,
  { name, columns, is_broken }: MissingIndex,
): Promise<void> {
  const [table = '', ...rest] = columns.split(' ');
  if (!is_broken) await client.query(`CREATE INDEX ${name} ON ONLY ${columns}`);
  for (const partition of await partitionsWithout(client, table, name)) {
    const own = `${partition}_${name.slice(table.length + 1)}`;
    await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${own}`);
    await client.query(`CREATE INDEX CONCURRENTLY ${own} ON ${partition} ${rest.join(' ')}`);
    await client.query(`ALTER INDEX ${name} ATTACH PARTITION ${own}`);
  }
  // Without any partition, nothing completes it.
  const { rows } = await client.query<{ is_empty: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = to_regclass($1)) AS is_empty',
    [table],
  );
  if (rows[0]?.is_empty !== true) return;
  await client.query(`DROP INDEX ${name}`);
  await client.query(`CREATE INDEX ${name} ON ${columns}`);
}

async function partitionsWithout(
  client: ClientBase,
  table: string,
  index: string,
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT p.inhrelid::regclass::text AS name FROM pg_inherits p
     WHERE p.inhparent = to_regclass($1) AND NOT EXISTS (
       SELECT FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
       WHERE i.inhparent = to_regclass($2) AND x.indrelid = p.inhrelid)
     ORDER BY p.inhrelid`,
    [table, index],
  );
  return rows.map(({ name }) => name);
}

async function missingIndexes(client: ClientBase): Promise<MissingIndex[]> {
  const { rows } = await client.query<MissingIndex>(
    `SELECT d.name, d.columns, i.indisvalid IS NOT NULL AS is_broken,
       t.relkind = 'p' AS is_partitioned
     FROM deferred_index d JOIN pg_class t ON t.oid = to_regclass(split_part(d.columns, ' ', 1))
     LEFT JOIN pg_index i ON i.indexrelid = to_regclass(d.name)
     WHERE i.indisvalid IS NOT TRUE ORDER BY d.name`,
  );
  return rows;
}
