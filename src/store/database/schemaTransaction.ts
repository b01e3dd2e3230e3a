import type pg from 'pg';
import type { DataSource, Migration, QueryRunner } from 'typeorm';
import { MIGRATION_LOCK, readKnownMigrations } from './knownMigrations.js';
import { MigrationExecutor, withMigrations } from './migrationLibrary.js';

/** A transaction that makes the schema, and that may do more. */
export interface SchemaTransaction {
  readonly client: pg.ClientBase;
  /** Names of the migrations that this program knows, oldest first. */
  readonly known: readonly string[];
  /** Runs those of the named migrations that the database has not had, in their order. */
  migrate(names: readonly string[]): Promise<void>;
}

/**
 * Does work in one transaction, while no other program changes the schema. If it fails, or if this
 * process ends in whatever way, the database is as it was.
 *
 * @throws what `work` throws
 */
export async function inSchemaTransaction<T>(
  url: string,
  work: (transaction: SchemaTransaction) => Promise<T>,
): Promise<T> {
  const known = await readKnownMigrations();
  return withMigrations(url, async (source) => {
    const runner = source.createQueryRunner();
    const client: pg.PoolClient = await runner.connect();
    try {
      await runner.startTransaction();
      await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const result = await work({
        client,
        known,
        async migrate(names) {
          const executor = new NamedMigrations(source, runner, names);
          executor.transaction = 'all';
          await executor.executePendingMigrations();
        },
      });
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // The connection may be in the middle of a COPY: without it the server rolls back.
      (client as pg.PoolClient & pg.Client).connection.stream.destroy();
      throw error;
    } finally {
      await runner.release();
    }
  });
}

/**
 * Runs those of the named migrations that the database has not had, each in transactions of its own, as `migrate`
 * runs all of them.
 */
export async function runMigrations(url: string, names: readonly string[]): Promise<void> {
  await withMigrations(url, async (source) => {
    const runner = source.createQueryRunner();
    try {
      const executor = new NamedMigrations(source, runner, names);
      executor.transaction = 'each';
      await executor.executePendingMigrations();
    } finally {
      await runner.release();
    }
  });
}

class NamedMigrations extends MigrationExecutor {
  constructor(
    source: DataSource,
    runner: QueryRunner,
    private readonly names: readonly string[],
  ) {
    super(source, runner);
  }

  protected override getMigrations(): Migration[] {
    return super.getMigrations().filter(({ name }) => this.names.includes(name));
  }
}
