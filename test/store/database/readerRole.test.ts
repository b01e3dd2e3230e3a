import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { assertSchemaCurrent } from '../../../src/store/database/migrate.js';
import { grantReader } from '../../../src/store/database/readerRole.js';
import { askData, startTestApi } from '../../api/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { openScenario } from '../read/scenario.js';

/** A new role and its URL; roles belong to the whole server. */
async function newReader(url: string): Promise<{ role: string; readerUrl: string }> {
  const role = `reader_${randomBytes(6).toString('hex')}`;
  await grantReader(url, role, `p'w"${role}`);
  onTestFinished(async () => {
    await query(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  const readerUrl = new URL(url);
  readerUrl.username = role;
  readerUrl.password = encodeURIComponent(`p'w"${role}`);
  return { role, readerUrl: readerUrl.href };
}

test('the role of readers cannot write, whatever it sets', async () => {
  const url = await freshDatabase();
  const { readerUrl } = await newReader(url);
  const client = new pg.Client({ connectionString: readerUrl });
  await client.connect();
  onTestFinished(() => client.end());
  expect((await client.query('SELECT count(*) FROM holder')).rows).toEqual([{ count: 0 }]);
  const writes = [
    "INSERT INTO hot_block VALUES (1, 1, '\\x00', NULL)",
    'UPDATE token SET name = NULL',
    'DELETE FROM claim',
    'TRUNCATE receipt',
    'DROP TABLE receipt',
    'CREATE TABLE mine (id integer)',
    'ALTER TABLE token ADD COLUMN mine integer',
    'SELECT * FROM token FOR UPDATE',
  ];
  for (const write of writes) {
    await expect(client.query(write)).rejects.toMatchObject({ code: '25006' });
  }
  await client.query('SET default_transaction_read_only = off; SET ROLE NONE; RESET ALL');
  await client.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE');
  for (const write of writes) {
    await expect(client.query(write)).rejects.toMatchObject({ code: '42501' });
  }
});

test('the role of readers can serve the API, and reads tables that are created later', async () => {
  const url = await freshDatabase();
  const books = await openScenario(url);
  const { role, readerUrl } = await newReader(url);
  await assertSchemaCurrent(readerUrl);
  const api = await startTestApi(readerUrl);
  expect(await askData(api, '{ tokens { totalCount } }')).toEqual({ tokens: { totalCount: 3 } });
  await api.close();
  await books.close();
  await query(url, 'CREATE TABLE later (id integer)');
  expect(await query(readerUrl, 'SELECT * FROM later')).toEqual([]);
  await grantReader(url, role, null);
  expect(await query(readerUrl, 'SELECT count(*)::text FROM token')).toEqual([{ count: '3' }]);
});

test('the role of readers reads the tables of every schema with a ledger', async () => {
  const url = await freshDatabase();
  await query(url, 'CREATE SCHEMA "Ledger 2"');
  await query(url, 'CREATE TABLE "Ledger 2".chain_cursor (LIKE public.chain_cursor)');
  const { readerUrl } = await newReader(url);
  for (const schema of ['public', '"Ledger 2"']) {
    expect(await query(readerUrl, `SELECT * FROM ${schema}.chain_cursor`)).toEqual([]);
  }
});

test('an invalid role name is refused', async () => {
  const refused = grantReader(await freshDatabase(), 'x; DROP TABLE token', null);
  await expect(refused).rejects.toMatchObject({ code: 'READER_ROLE_INVALID' });
});
