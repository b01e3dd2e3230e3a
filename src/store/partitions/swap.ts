import { setTimeout as delay } from 'node:timers/promises';
import { type DatabaseClient, DatabaseError } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { quoted } from './addPartition.js';
import { stopIfAsked } from './copyToStaging.js';
import { readPartitions } from './partitions.js';
import { type Rebuild, stagingOf } from './rebuild.js';
import type { SourceIndex } from './stagingIndexes.js';

/** Readers who come meanwhile wait so long at most; then they are let through, and we try again. */
const LOCK_WITHIN_MS = 200;
const PAUSE_MS = 150;
/** PostgreSQL: `lock_timeout` is over. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Waits until every transaction has ended that took its snapshot before the rows were copied: in such a
 * snapshot the new partitions look empty. PostgreSQL does the same for `CREATE INDEX CONCURRENTLY`, so
 * it waits for us, for sessions of any user.
 */
export async function waitForOldSnapshots(db: SqlClient): Promise<void> {
  await db.query('DROP INDEX IF EXISTS partition_layout_wait');
  await db.query('CREATE INDEX CONCURRENTLY partition_layout_wait ON partition_layout (next_page)');
  await db.query('DROP INDEX partition_layout_wait');
}

/**
 * Replaces a plain table by its staging table, in the guard's transaction, and ends it. The rights of
 * the table, its owner and the names of its indexes stay.
 */
export async function swapTable(
  guard: DatabaseClient,
  job: Rebuild,
  indexes: readonly SourceIndex[],
  signal: AbortSignal,
): Promise<void> {
  const { table } = job;
  const staging = stagingOf(table);
  const owner = await ownerStatements(guard, table, staging);
  const grants = await grantStatements(guard, table, staging);
  // A VACUUM of it may be running: we wait for it before any reader has to wait.
  await guard.query(`LOCK TABLE ${staging} IN ACCESS EXCLUSIVE MODE`);
  await lockSoon(guard, `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`, job, signal);
  for (const statement of [...owner, ...grants]) await guard.query(statement);
  await guard.query(`DROP TABLE ${table}`);
  await guard.query(`ALTER TABLE ${staging} RENAME TO ${table}`);
  for (const { name, staged } of indexes) {
    await guard.query(`ALTER INDEX ${quoted(staged)} RENAME TO ${quoted(name)}`);
  }
  await finish(guard, job);
}

/** Replaces a partition by those of the staging table, in the guard's transaction, and ends it. */
export async function swapPartition(
  guard: DatabaseClient,
  job: Rebuild,
  signal: AbortSignal,
): Promise<void> {
  const { table, source } = job;
  const staging = stagingOf(table);
  const made = await readPartitions(guard, staging);
  const owner = await ownerStatements(guard, table, staging);
  await guard.query(`LOCK TABLE ${staging} IN ACCESS EXCLUSIVE MODE`);
  await lockSoon(guard, `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`, job, signal);
  for (const statement of owner) await guard.query(statement);
  await guard.query(`ALTER TABLE ${table} DETACH PARTITION ${source}`);
  await guard.query(`DROP TABLE ${source}`);
  for (const { name, from, to } of made) {
    await guard.query(`ALTER TABLE ${staging} DETACH PARTITION ${name}`);
    await guard.query(
      `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`,
    );
  }
  await guard.query(`DROP TABLE ${staging}`);
  await finish(guard, job);
}

async function finish(guard: DatabaseClient, { table }: Rebuild): Promise<void> {
  await guard.query(
    'UPDATE partition_layout SET source_file = NULL, next_page = 0, copied_rows = 0 WHERE table_name = $1',
    [table],
  );
  await guard.query('COMMIT');
}

/**
 * Takes a lock for which all readers have to leave the table. Readers who come while we wait have to wait
 * too, so each try is short.
 */
async function lockSoon(
  db: DatabaseClient,
  statement: string,
  job: Pick<Rebuild, 'table'>,
  signal: AbortSignal,
): Promise<void> {
  await db.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
  for (;;) {
    await db.query('SAVEPOINT before_lock');
    try {
      await db.query(statement);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
      await db.query('ROLLBACK TO SAVEPOINT before_lock');
    }
    stopIfAsked(signal, job);
    await delay(PAUSE_MS);
  }
}

async function ownerStatements(db: SqlClient, table: string, staging: string): Promise<string[]> {
  const { rows } = await db.query<{ owner: string; is_ours: boolean }>(
    `SELECT pg_get_userbyid(relowner) AS owner, pg_get_userbyid(relowner) = current_user AS is_ours
     FROM pg_class WHERE oid = to_regclass($1)`,
    [table],
  );
  const [row] = rows;
  if (row === undefined || row.is_ours) return [];
  const names = [staging, ...(await readPartitions(db, staging)).map(({ name }) => name)];
  return names.map((name) => `ALTER TABLE ${name} OWNER TO ${quoted(row.owner)}`);
}

async function grantStatements(db: SqlClient, table: string, staging: string): Promise<string[]> {
  const { rows } = await db.query<{ right: string; grantee: string | null; option: boolean }>(
    `SELECT a.privilege_type AS right, r.rolname AS grantee, a.is_grantable AS option
     FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner`,
    [table],
  );
  return rows.map(
    ({ right, grantee, option }) =>
      `GRANT ${right} ON ${staging} TO ${grantee === null ? 'PUBLIC' : quoted(grantee)}` +
      `${option ? ' WITH GRANT OPTION' : ''}`,
  );
}
