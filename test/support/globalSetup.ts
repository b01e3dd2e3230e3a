import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/store/embedded.js';
import { migrate } from '../../src/store/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the one server that all test files share. */
    postgresUrl: string;
  }
}

/** The migrated database that `freshDatabase()` copies. */
export const TEMPLATE_DATABASE = 'imo_template';

/** One real PostgreSQL server for the whole run; each test makes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await openEmbedded({
    folder: await mkdtemp(join(tmpdir(), 'imo-ledger-test-')),
    ephemeral: true,
    // Nothing has to survive a power cut here.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await client.end();
  await migrate(withDatabase(database.url, TEMPLATE_DATABASE));
  project.provide('postgresUrl', database.url);
  return database.close;
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
