import { expect, test } from 'vitest';
import { readOnlyUrl } from '../../../src/api/reads/pool.js';
import { findServer } from '../../../src/store/database/connect.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { readSupportedVersion } from '../../../src/store/database/serverVersion.js';
import { settingsOf, withPinned } from '../../../src/store/database/sessionSettings.js';
import type { SqlClient } from '../../../src/store/database/sqlClient.js';
import {
  emptyDatabase,
  freshDatabase,
  query,
  serverUrl,
} from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { indexTo } from '../../support/programs/indexer.js';
import { withReader } from '../../support/reader.js';
import { Scene } from '../../support/scenes/scene.js';

/** Settings that a database may apply to every session; each changes or ends something. */
const HOSTILE: Readonly<Record<string, string>> = {
  DateStyle: "'German, DMY'",
  IntervalStyle: "'iso_8601'",
  TimeZone: "'Asia/Kathmandu'",
  bytea_output: "'escape'",
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  transform_null_equals: 'on',
  search_path: "'nowhere'",
  default_transaction_isolation: "'serializable'",
  statement_timeout: "'1ms'",
  lock_timeout: "'1ms'",
  idle_in_transaction_session_timeout: "'1ms'",
  idle_session_timeout: "'1ms'",
};

async function spoil(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  for (const [setting, value] of Object.entries(HOSTILE)) {
    if (!(await isKnown(setting))) continue;
    await query(serverUrl(), `ALTER DATABASE ${name} SET ${setting} = ${value}`);
  }
}

/** Older servers know fewer settings. */
async function isKnown(setting: string): Promise<boolean> {
  const [found] = await query(
    serverUrl(),
    'SELECT FROM pg_settings WHERE lower(name) = lower($1)',
    [setting],
  );
  return found !== undefined;
}

test('settings of a database or a role do not change the books', async () => {
  const scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(scene.founder, 'claim', [1n]);
  const request = { chain: scene.chain, tokens: [scene.token.address] };
  const [clean, spoilt] = [await freshDatabase(), await emptyDatabase()];
  await spoil(spoilt);
  await migrate(await findServer(spoilt, { writes: true }));
  for (const databaseUrl of [clean, spoilt]) await indexTo({ ...request, databaseUrl });
  await query(serverUrl(), `ALTER DATABASE ${new URL(spoilt).pathname.slice(1)} RESET ALL`);
  const rows = await dumpTables(clean);
  expect(rows.claim).toHaveLength(1);
  expect(await dumpTables(spoilt)).toEqual(rows);
});

test('a transaction limit that would end even the first statement is lifted', async () => {
  if (!(await isKnown('transaction_timeout'))) return;
  const url = await freshDatabase();
  const name = new URL(url).pathname.slice(1);
  await query(
    url,
    `CREATE FUNCTION be_slow() RETURNS event_trigger LANGUAGE plpgsql
       AS $$ BEGIN PERFORM pg_sleep(0.1); END $$`,
  );
  await query(url, 'CREATE EVENT TRIGGER slow ON login EXECUTE FUNCTION be_slow()');
  await query(serverUrl(), `ALTER DATABASE ${name} SET transaction_timeout = '1ms'`);
  await expect(withReader(url, (db) => db.query('SELECT 1'))).rejects.toMatchObject({
    code: '25P04',
  });
  const client = await connectClient({ connectionString: await findServer(url, { writes: true }) });
  try {
    const { rows } = await client.query("SELECT current_setting('transaction_timeout') AS most");
    expect(rows).toEqual([{ most: '0' }]);
  } finally {
    await client.end();
  }
});

test('options of the URL are kept and override the pinned settings', async () => {
  const url = new URL(await freshDatabase());
  url.searchParams.set('options', '-c search_path=elsewhere -c work_mem=9MB');
  const client = await connectClient({ connectionString: url.href });
  try {
    const { rows } = await client.query(
      `SELECT current_setting('search_path') AS path, current_setting('work_mem') AS memory,
         current_setting('TimeZone') AS zone`,
    );
    expect(rows).toEqual([{ path: 'elsewhere', memory: '9MB', zone: 'UTC' }]);
  } finally {
    await client.end();
  }
});

test('PostgreSQL 13 knows every setting that a session starts with', () => {
  const url = new URL(readOnlyUrl('postgresql://db/ledger'));
  const started = settingsOf(withPinned(url.searchParams.get('options') ?? ''));
  const newer = ['client_connection_check_interval', 'idle_session_timeout', 'transaction_timeout'];
  expect([...started.keys()].filter((name) => newer.includes(name))).toEqual([]);
  expect([started.get('DateStyle'), started.get('default_transaction_isolation')]).toEqual([
    'ISO,MDY',
    'read committed',
  ]);
});

test.each([
  ['120022', null],
  ['130023', 13],
  ['180004', 18],
  ['190000', null],
])('a server of version %s is supported as %s', async (version, major) => {
  const db = {
    query: () => Promise.resolve({ rows: [{ version, limits: null, mark: 'direct' }] }),
  };
  const read = readSupportedVersion(db as unknown as SqlClient, 'localhost:5432/ledger');
  if (major === null) {
    await expect(read).rejects.toMatchObject({ code: 'DATABASE_VERSION_UNSUPPORTED' });
  } else await expect(read).resolves.toMatchObject({ major });
});
