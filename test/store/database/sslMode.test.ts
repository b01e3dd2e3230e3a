import { chmod, chown, copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findServer } from '../../../src/store/database/connect.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { modesOf, withMode } from '../../../src/store/database/sslMode.js';
import { serverAccount } from '../../../src/store/embedded/account.js';
import { serverUrl } from '../../support/databases/postgres.js';
import { PostgresServer } from '../../support/databases/postgresServer.js';

const FIXTURES = resolve('test/fixtures/tls');
const AUTHORITY = join(FIXTURES, 'ca.crt');
const OTHER_AUTHORITY = join(FIXTURES, 'other.crt');

let server: PostgresServer;

/** Its certificate is for `localhost`, and not for 127.0.0.1. */
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-tls-'));
  await chmod(folder, 0o711);
  const account = await serverAccount();
  for (const name of ['server.crt', 'server.key']) {
    const file = join(folder, name);
    await copyFile(join(FIXTURES, name), file);
    await chmod(file, 0o600);
    if (account !== null) await chown(file, account.uid, account.gid);
  }
  server = await PostgresServer.create({
    ssl: 'on',
    ssl_cert_file: join(folder, 'server.crt'),
    ssl_key_file: join(folder, 'server.key'),
  });
});

afterAll(() => server.remove());

function urlWith(base: string, host: string, parameters: Record<string, string>): string {
  const url = new URL(base);
  url.hostname = host;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Whether the session that a URL leads to is encrypted. */
async function isEncrypted(url: string): Promise<boolean> {
  const client = await connectClient({
    connectionString: await findServer(url, { writes: true }),
  });
  try {
    const { rows } = await client.query<{ ssl: boolean }>(
      'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    return rows[0]?.ssl ?? false;
  } finally {
    await client.end();
  }
}

test.each([
  ['disable', {}, false],
  ['allow', {}, false],
  ['prefer', {}, true],
  ['require', {}, true],
  ['require', { sslrootcert: AUTHORITY }, true],
  ['verify-ca', { sslrootcert: AUTHORITY }, true],
])('sslmode %s with %o and a server that serves TLS', async (sslmode, more, encrypted) => {
  expect(await isEncrypted(urlWith(server.url, '127.0.0.1', { sslmode, ...more }))).toBe(encrypted);
});

test('verify-full accepts only a certificate for the host of the URL', async () => {
  const full = { sslmode: 'verify-full', sslrootcert: AUTHORITY };
  expect(await isEncrypted(urlWith(server.url, 'localhost', full))).toBe(true);
  await expect(isEncrypted(urlWith(server.url, '127.0.0.1', full))).rejects.toMatchObject({
    code: 'DATABASE_CERTIFICATE',
  });
});

test.each([
  ['require', { sslrootcert: OTHER_AUTHORITY }, 'DATABASE_CERTIFICATE'],
  ['verify-ca', { sslrootcert: OTHER_AUTHORITY }, 'DATABASE_CERTIFICATE'],
  ['verify-full', { sslrootcert: OTHER_AUTHORITY }, 'DATABASE_CERTIFICATE'],
  ['verify-full', { sslrootcert: 'system' }, 'DATABASE_CERTIFICATE'],
  ['verify-ca', { sslrootcert: 'system' }, 'DATABASE_CERTIFICATE_FILE'],
  ['verify-ca', { sslrootcert: '/nowhere/root.crt' }, 'DATABASE_CERTIFICATE_FILE'],
  ['strict', {}, 'DATABASE_SSLMODE_INVALID'],
])('sslmode %s with %o is refused with %s', async (sslmode, more, code) => {
  const url = urlWith(server.url, 'localhost', { sslmode, ...more });
  await expect(isEncrypted(url)).rejects.toMatchObject({ code });
});

test('a URL without an sslmode means prefer, and allow on this machine', async () => {
  expect(modesOf('postgresql://ledger@db.example:5432/imo')).toEqual(['require', 'disable']);
  for (const host of ['localhost', '127.0.0.1', '[::1]', '']) {
    expect(modesOf(`postgresql://ledger@${host}/imo`)).toEqual(['disable', 'require']);
  }
  expect(modesOf('postgresql:///imo?host=%2Fvar%2Frun%2Fpostgresql')).toEqual([
    'disable',
    'require',
  ]);
  expect(await isEncrypted(urlWith(server.url, '127.0.0.1', {}))).toBe(false);
  const known = withMode('postgresql://ledger@db.example:5432/imo', 'require');
  expect(known).toBe('postgresql://ledger@db.example:5432/imo?sslmode=require');
});

test('a refusal of a server without TLS is reported with its own reason', async () => {
  const wrong = new URL(serverUrl());
  wrong.pathname = '/no_such_database';
  await expect(findServer(wrong.href, { writes: false })).rejects.toMatchObject({
    code: 'DATABASE_REFUSED',
  });
});

test('prefer and allow accept a server without TLS, and require refuses it', async () => {
  const url = (sslmode: string) => urlWith(serverUrl(), '127.0.0.1', { sslmode });
  expect(await isEncrypted(url('prefer'))).toBe(false);
  expect(await isEncrypted(url('allow'))).toBe(false);
  await expect(isEncrypted(url('require'))).rejects.toMatchObject({ code: 'DATABASE_TLS_MISSING' });
});
