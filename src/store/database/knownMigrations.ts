import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../projectRoot.js';

export const MIGRATIONS = join(PROJECT_ROOT, 'db', 'migrations');

/** Key of the advisory lock: any number that no other program on the server uses. */
export const MIGRATION_LOCK = 7641_2026;

/** Names of the migrations of this program, without a database: oldest first. */
export async function readKnownMigrations(): Promise<string[]> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.js')).toSorted();
  return files.map((file) => file.replace(/^(\d+)-(\w+)\.js$/, '$2$1'));
}
