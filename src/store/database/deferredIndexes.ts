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
    for (const { name, columns, is_broken } of await missingIndexes(client)) {
      // Both come from a migration.
      if (is_broken) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
      await client.query(`CREATE INDEX CONCURRENTLY ${name} ON ${columns}`);
    }
    return true;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [INDEXING_LOCK]);
  }
}

interface MissingIndex {
  readonly name: string;
  readonly columns: string;
  /** The index exists, but no query may use it. */
  readonly is_broken: boolean;
}

async function missingIndexes(client: ClientBase): Promise<MissingIndex[]> {
  const { rows } = await client.query<MissingIndex>(
    `SELECT d.name, d.columns, i.indisvalid IS NOT NULL AS is_broken
     FROM deferred_index d LEFT JOIN pg_index i ON i.indexrelid = to_regclass(d.name)
     WHERE i.indisvalid IS NOT TRUE ORDER BY d.name`,
  );
  return rows;
}
