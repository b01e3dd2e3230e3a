import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { makeDeferredIndexes } from '../../src/store/database/deferredIndexes.js';
import { migrate } from '../../src/store/database/migrate.js';
import { type OpenDatabase, openEmbedded } from '../../src/store/embedded/embedded.js';
import { withClient } from '../ingest/databases.js';

/** Where datasets are kept. */
export const CACHE = join(PROJECT_ROOT, 'bench', '.cache');

/** More than a small machine has by default, so that the data stay in memory for all contenders. */
const SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB', autovacuum: 'off' };

/** What fills an empty database, in order. */
export interface Dataset {
  /** Of its folder: another size needs another name. */
  readonly name: string;
  readonly statements: readonly { readonly label: string; readonly sql: string }[];
}

/**
 * The database with the books, on a server of its own. It is filled once for each name, in a few
 * minutes, and kept.
 */
export async function openDataset(
  dataset: Dataset,
  report: (line: string) => void,
  cache = CACHE,
): Promise<OpenDatabase> {
  const folder = join(cache, dataset.name);
  if (!(await exists(folder))) await build(folder, dataset, report);
  const database = await openEmbedded({ folder, settings: SETTINGS });
  // Of the program as it is now: a dataset of an older one is brought up to date.
  await migrate(database.url);
  await withClient(database.url, makeDeferredIndexes);
  return database;
}

async function build(
  folder: string,
  { statements }: Dataset,
  report: (line: string) => void,
): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  const database = await openEmbedded({ folder: unfinished, settings: SETTINGS });
  try {
    await migrate(database.url);
    await withClient(database.url, async (client) => {
      for (const { label, sql } of statements) {
        const startedAt = performance.now();
        await client.query(sql);
        report(`${label}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      }
    });
  } finally {
    await database.close();
  }
  await rename(unfinished, folder);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
