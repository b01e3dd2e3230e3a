import type pg from 'pg';
import { ImoError } from '../../errors.js';
import { assertWritable, describeDatabase } from './connect.js';
import { namedFault } from './databaseFault.js';
import { MIGRATION_LOCK, readKnownMigrations } from './knownMigrations.js';
import { newClient } from './postgres.js';

/**
 * Brings the schema up to date. Two processes that start at once take turns.
 *
 * @returns the names of the migrations that ran
 * @throws ImoError `SCHEMA_NEWER`, `DATABASE_STANDBY` and those of `databaseFault`
 */
export async function migrate(url: string): Promise<string[]> {
  const guard = newClient({ connectionString: url });
  try {
    await guard.connect();
    await assertWritable(guard);
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const { newer, missing } = await compareSchema(guard);
    refuseNewer(url, newer);
    if (missing.length === 0) return [];
    const { withMigrations } = await import('./migrationLibrary.js');
    return await withMigrations(url, async (source) => {
      const run = await source.runMigrations({ transaction: 'each' });
      return run.map(({ name }) => name);
    });
  } catch (error) {
    throw namedFault(error);
  } finally {
    // Ending the session also releases the lock.
    await guard.end();
  }
}

/**
 * @throws ImoError `SCHEMA_NEWER` if the database has a migration that this program does not
 * know, `SCHEMA_BEHIND` if it lacks one.
 */
export async function assertSchemaCurrent(url: string): Promise<void> {
  const { newer, missing } = await withClient(url, compareSchema);
  refuseNewer(url, newer);
  if (missing.length === 0) return;
  throw new ImoError(
    'SCHEMA_BEHIND',
    `the database ${describeDatabase(url)} lacks ${missing.join(', ')}`,
    'Run `imo-ledger migrate`.',
  );
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = newClient({ connectionString: url });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Migrations that only the database has, and that only this program has. */
async function compareSchema(client: pg.Client): Promise<{ newer: string[]; missing: string[] }> {
  const [inDatabase, inProgram] = [await readApplied(client), await readKnownMigrations()];
  return { newer: difference(inDatabase, inProgram), missing: difference(inProgram, inDatabase) };
}

function refuseNewer(url: string, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new ImoError(
    'SCHEMA_NEWER',
    `the database ${describeDatabase(url)} was made by a newer imo-ledger: ${unknown.join(', ')} is not known here`,
    'Update imo-ledger, or use another database.',
  );
}

/** Migrations that the database has; empty for a new database. */
async function readApplied(client: pg.Client): Promise<string[]> {
  const found = await client.query(`SELECT to_regclass('migrations') AS "table"`);
  if (found.rows[0]?.table === null) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => name);
}

function difference(names: readonly string[], without: readonly string[]): string[] {
  return names.filter((name) => !without.includes(name));
}
