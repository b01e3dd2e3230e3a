import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { atVeryEndOfFile } from '../endOfFile.js';
import { query } from '../query.js';
import { CITUS_URL, onEveryNode } from './citus.js';
import { TEMPLATE_DATABASE, withDatabase } from './templateDatabase.js';

export { query };

/** URL of the one server that all test files share. */
export function serverUrl(): string {
  return inject('postgresUrl');
}

/** URL of a new database with the current schema and no rows. */
export function freshDatabase(): Promise<string> {
  return createDatabase(` TEMPLATE ${TEMPLATE_DATABASE}`);
}

/** URL of a new database without any table. */
export function emptyDatabase(): Promise<string> {
  return createDatabase('');
}

/** Names of databases that test files have made in this worker. */
let made: string[] = [];
/** The connection of this worker that makes and drops them. */
let maker: pg.Pool | null = null;

function serverPool(): pg.Pool {
  maker ??= new pg.Pool({
    ...{ connectionString: serverUrl(), max: 1 },
    ...{ idleTimeoutMillis: 0, allowExitOnIdle: true },
  }).on('error', () => undefined);
  return maker;
}

let strategy: string | null = null;

/** Servers before PostgreSQL 15 have no choice: they copy files. */
async function fastestStrategy(): Promise<string> {
  const { rows } = await serverPool().query<{ version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  );
  return Number(rows[0]?.version) >= 150_000 ? ' STRATEGY file_copy' : '';
}

async function createDatabase(options: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  strategy ??= await fastestStrategy();
  await aboutDatabases(`CREATE DATABASE ${name}${options}${strategy}`);
  made.push(name);
  atVeryEndOfFile(dropUnused);
  return withDatabase(serverUrl(), name);
}

/** A cluster has each database on every node. */
async function aboutDatabases(statement: string): Promise<void> {
  if (CITUS_URL === null) await serverPool().query(statement);
  else await onEveryNode(serverUrl(), statement);
}

/** Databases are in memory. One that is still in use is dropped with those of a later file. */
async function dropUnused(): Promise<void> {
  const { rows } = await serverPool().query<{ name: string; isUsed: boolean }>(
    `SELECT datname AS name,
       EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.datname = d.datname
         AND a.backend_type = 'client backend' AND a.application_name NOT LIKE 'citus%') AS "isUsed"
     FROM pg_database AS d WHERE datname = ANY($1)`,
    [made],
  );
  made = rows.filter(({ isUsed }) => isUsed).map(({ name }) => name);
  for (const { name, isUsed } of rows) {
    if (!isUsed)
      await aboutDatabases(
        `DROP DATABASE IF EXISTS ${name}${CITUS_URL === null ? '' : ' WITH (FORCE)'}`,
      );
  }
}
