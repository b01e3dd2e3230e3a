import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../../src/store/database/migrate.js';
import { type OpenDatabase, openEmbedded } from '../../../src/store/embedded/embedded.js';
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

async function startPostgres(): Promise<OpenDatabase> {
  const database = await openEmbedded({
    folder: await mkdtemp(join(tmpdir(), 'imo-ledger-test-')),
    ephemeral: true,
    settings: SETTINGS,
  });
  const { username, password } = new URL(database.url);
  // Thousands of connections log in: the usual 4096 rounds of hashing take milliseconds each time.
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
