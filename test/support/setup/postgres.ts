import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../../src/store/database/migrate.js';
import { type OpenDatabase, openEmbedded } from '../../../src/store/embedded/embedded.js';
import { CITUS_URL, makeCitusTemplate } from '../databases/citus.js';
import { TEMPLATE_DATABASE, withDatabase } from '../databases/templateDatabase.js';
import { query } from '../query.js';

/** The projects of a run load this module each for itself, and share the server all the same. */
declare global {
  var testServer: { readonly opened: Promise<OpenDatabase>; users: number } | undefined;
}

/** Nothing has to survive a power cut here, and hundreds of databases live for seconds each. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  // Workers keep what a test file leaves open.
  max_connections: 300,
  autovacuum: 'off',
  wal_compression: 'off',
};

/** One real PostgreSQL server for the whole run; each test makes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  globalThis.testServer ??= { opened: startPostgres(), users: 0 };
  const server = globalThis.testServer;
  server.users += 1;
  const database = await server.opened;
  project.provide('postgresUrl', database.url);
  return async () => {
    server.users -= 1;
    if (server.users > 0) return;
    globalThis.testServer = undefined;
    await database.close();
  };
}

/**
 * Thousands of connections log in. The exchange of SCRAM takes both sides more time than most
 * statements; the servers of `postgresServer.ts` and of the program itself have it.
 */
const LOGINS = 'host all all all password';

async function startPostgres(): Promise<OpenDatabase> {
  if (CITUS_URL === null) return startEmbedded();
  await makeCitusTemplate(CITUS_URL);
  return { url: CITUS_URL, close: async () => undefined };
}

async function startEmbedded(): Promise<OpenDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-test-'));
  // The account of the server reads the file.
  await chmod(folder, 0o711);
  const logins = join(folder, 'logins.conf');
  await writeFile(logins, `${LOGINS}\n`);
  const settings = { ...SETTINGS, hba_file: logins };
  const database = await openEmbedded({ folder, ephemeral: true, settings });
  const { username, password } = new URL(database.url);
  // The usual 4096 rounds of hashing take milliseconds with each login.
  const change = `ALTER ROLE ${username} PASSWORD '${password}'`;
  await query(
    database.url,
    `DO $$ BEGIN
       PERFORM set_config('scram_iterations', '1', true)
         FROM pg_settings WHERE name = 'scram_iterations';
       ${change};
     END $$`,
  );
  await query(database.url, `CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await migrate(withDatabase(database.url, TEMPLATE_DATABASE));
  return database;
}
