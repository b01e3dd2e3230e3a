import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
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
  const [close] = await Promise.all([startPostgres(project), compile()]);
  project.onTestsRerun(compile);
  return close;
}

/** Tests of commands run what users run: the compiled program. Unchanged files cost little. */
async function compile(): Promise<void> {
  const tsc = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsc');
  const build = spawn(tsc, ['-p', 'tsconfig.build.json'], { cwd: PROJECT_ROOT, stdio: 'ignore' });
  // `npm run typecheck` reports type errors; the output is written all the same.
  await once(build, 'exit');
}

async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
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
