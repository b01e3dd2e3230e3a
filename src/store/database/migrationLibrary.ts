import 'reflect-metadata';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './knownMigrations.js';
import { DatabaseClient } from './postgres.js';

/**
 * Only this file loads the library that runs migrations: it gives it our connections. Loading it
 * takes a quarter of the time in which a verb starts, so programs load it where a migration has to run.
 */
export { MigrationExecutor } from 'typeorm';

/** Reverts the newest migration and deletes its data. For development and tests. */
export async function revertLastMigration(url: string): Promise<void> {
  await withMigrations(url, (source) => source.undoLastMigration({ transaction: 'each' }));
}

/** Does work with a connected data source that knows the migrations. */
export async function withMigrations<T>(
  url: string,
  action: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [join(MIGRATIONS, '*.js')],
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
