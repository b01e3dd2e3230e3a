import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient, newPool, queryUntil } from '../../../src/store/database/postgres.js';
import { serverUrl } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { query } from '../../support/query.js';

/** Whatever can open a connection to PostgreSQL, and the only file that may load it. */
const DRIVERS: Readonly<Record<string, string>> = {
  pg: 'src/store/database/postgres.ts',
  typeorm: 'src/store/database/migrationLibrary.ts',
};
const LOADS =
  /^(?!import type ).*?(?:\bfrom|\bimport|\brequire)\s*\(?\s*'(pg|pg-pool|pg-native|postgres|typeorm|pg\/[^']+)'/gm;

let proxy: TcpProxy;

beforeAll(async () => {
  proxy = await TcpProxy.start(Number(new URL(serverUrl()).port));
});

afterAll(() => proxy.stop());

test('one module makes all connections to PostgreSQL, and no other file loads the driver', () => {
  const files = ['src', 'bin'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[cm]?[jt]s$/.test(name))
      .map((name) => join(folder, name)),
  );
  const loads = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(LOADS)].map(([, driver = '']) => ({ file, driver })),
  );
  expect(new Set(loads.map(({ file }) => file))).toEqual(new Set(Object.values(DRIVERS)));
  expect(loads.filter(({ file, driver }) => DRIVERS[driver] !== file)).toEqual([]);
});

test('the clients of a migration have the listener too', () => {
  expect(readFileSync('src/store/database/migrationLibrary.ts', 'utf8')).toContain(
    'extra: { Client: DatabaseClient }',
  );
});

test('a client that breaks while it is checked out of a pool does not end the process', async () => {
  const pool = newPool({ connectionString: proxy.through(serverUrl()), max: 1 });
  const client = await pool.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  proxy.cut();
  await ended;
  await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  client.release();
  expect((await pool.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }]);
  await pool.end();
});

test('a pool reports a connection that breaks unused, and replaces it', async () => {
  const lost = new Promise<Error>((resolve) => {
    const config = { connectionString: proxy.through(serverUrl()), max: 1 };
    const pool = newPool(config, (error) => {
      resolve(error);
      void pool.end();
    });
    void pool.query('SELECT 1').then(() => proxy.cut());
  });
  expect((await lost).message).toMatch(/ECONNRESET|terminated unexpectedly/);
});

test('a client whose session the server ends fails its next statement, and nothing else', async () => {
  const url = serverUrl();
  const client = await connectClient({ connectionString: url });
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise((resolve) => client.once('end', resolve));
  await query(url, 'SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;
  await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  await client.end();
});

test('a cancellation that does not reach the statement is sent again', async () => {
  const pool = newPool({ connectionString: proxy.through(serverUrl()), max: 1 });
  const stopping = new AbortController();
  const asked = queryUntil(pool, { text: 'SELECT pg_sleep(20), 77', values: [] }, stopping.signal);
  const running = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(20), 77%'`;
  await eventually(async () => expect(await query(serverUrl(), running)).toHaveLength(1));
  proxy.lose(1);
  stopping.abort(new Error('nobody waits'));
  await expect(asked).rejects.toThrow('nobody waits');
  expect((await pool.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }]);
  await pool.end();
});
