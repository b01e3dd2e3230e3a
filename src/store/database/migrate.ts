import 'reflect-metadata';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ImoError } from '../../errors.js';
import { PROJECT_ROOT } from '../../projectRoot.js';
import { assertWritable, describeDatabase } from './connect.js';
import { namedFault } from './databaseFault.js';
import { DatabaseClient, newClient } from './postgres.js';

/** Only this file loads the library that runs migrations: it gives it our connections. */
export { MigrationExecutor } from 'typeorm';

const FOLDER = join(PROJECT_ROOT, 'db', 'migrations');

/** Key of the advisory lock: any number that no other program on the server uses. */
export const MIGRATION_LOCK = 7641_2026;

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
    return await withMigrations(url, async (source) => {
      refuseNewer(url, difference(await applied(source), known(source)));
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

/** Reverts the newest migration and deletes its data. For development and tests. */
export async function revertLastMigration(url: string): Promise<void> {
  await withMigrations(url, (source) => source.undoLastMigration({ transaction: 'each' }));
}

/**
 * @throws ImoError `SCHEMA_NEWER` if the database has a migration that this program does not
 * know, `SCHEMA_BEHIND` if it lacks one.
 */
export async function assertSchemaCurrent(url: string): Promise<void> {
  await withMigrations(url, async (source) => {
    const [inDatabase, inProgram] = [await applied(source), known(source)];
    refuseNewer(url, difference(inDatabase, inProgram));
    const missing = difference(inProgram, inDatabase);
    if (missing.length > 0) {
      throw new ImoError(
        'SCHEMA_BEHIND',
        `the database ${describeDatabase(url)} lacks ${missing.join(', ')}`,
        'Run `imo-ledger migrate`.',
      );
    }
  });
}

function refuseNewer(url: string, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new ImoError(
    'SCHEMA_NEWER',
    `the database ${describeDatabase(url)} was made by a newer imo-ledger: ${unknown.join(', ')} is not known here`,
    'Update imo-ledger, or use another database.',
  );
}

/** Does work with a connected data source that knows the migrations. */
export async function withMigrations<T>(
  url: string,
  action: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [join(FOLDER, '*.js')],
    logging: false,
    extra: { Client: DatabaseClient },
  });
  await source.initialize();
  try {
    return await action(source);
  } finally {
    await source.destroy();
  }
}

/** Names of the migrations of this program, without a database: oldest first. */
export async function readKnownMigrations(): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.js')).toSorted();
  return files.map((file) => file.replace(/^(\d+)-(\w+)\.js$/, '$2$1'));
}

function known(source: DataSource): string[] {
  return source.migrations.map((migration) => migration.name ?? migration.constructor.name);
}

/** Migrations that the database has; empty for a new database. */
async function applied(source: DataSource): Promise<string[]> {
  const [{ table }] = await source.query(`SELECT to_regclass('migrations') AS "table"`);
  if (table === null) return [];
  const rows: { name: string }[] = await source.query('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => name);
}

function difference(names: readonly string[], without: readonly string[]): string[] {
  return names.filter((name) => !without.includes(name));
}
