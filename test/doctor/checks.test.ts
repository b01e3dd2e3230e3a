import { expect, it, test } from 'vitest';
import { type Check, Examination } from '../../src/doctor/check.js';
import { databaseClock } from '../../src/doctor/database/clock.js';
import { openForReading } from '../../src/doctor/database/database.js';
import { indexesOfMigrations } from '../../src/doctor/database/indexes.js';
import { settings } from '../../src/doctor/database/settings.js';
import { cacheDisk } from '../../src/doctor/files/cacheDisk.js';
import { ImoError } from '../../src/errors.js';
import { freshDatabase, query, serverUrl } from '../support/databases/postgres.js';
import { chainConfig } from '../support/programs/indexer.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const HOUR_MS = 3_600_000;

/** What a check finds on a database of the server that all tests share. */
async function findingsOn(
  check: Check<NonNullable<Awaited<ReturnType<typeof openForReading>>['subject']>>,
  databaseUrl: string,
  now: () => number = Date.now,
) {
  const opened = await openForReading(
    { env: { DATABASE_URL: databaseUrl }, config: 'imo.yaml' },
    { freeBytesAtLeast: 0, now },
  );
  if (opened.subject === null) throw new Error(opened.findings[0]?.found);
  try {
    return await check.run(opened.subject);
  } finally {
    await opened.close();
  }
}

test('the indexes that the migrations make are those of a new database', async () => {
  const made = await query<{ name: string; table: string }>(
    await freshDatabase(),
    `SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table FROM pg_index i
     JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
     WHERE c.relnamespace = 'public'::regnamespace AND k.oid IS NULL`,
  );
  const byName = (a: readonly string[], b: readonly string[]) =>
    String(a[0]) < String(b[0]) ? -1 : 1;
  const expected = made.map(({ name, table }) => [name, table]);
  expect(expected.length).toBeGreaterThan(40);
  expect([...(await indexesOfMigrations())].toSorted(byName)).toEqual(expected.toSorted(byName));
});

test('sessions of the doctor cannot write', async () => {
  const databaseUrl = await freshDatabase();
  const opened = await openForReading(
    { env: { DATABASE_URL: databaseUrl }, config: 'imo.yaml' },
    { freeBytesAtLeast: 0, now: Date.now },
  );
  await expect(opened.subject?.pool.query('DELETE FROM token')).rejects.toThrow('read-only');
  await opened.close();
});

test('a database server with another time is a note', async () => {
  const later = () => Date.now() + HOUR_MS;
  const [finding] = await findingsOn(databaseClock, serverUrl(), later);
  expect(finding).toMatchObject({ code: 'DATABASE_CLOCK', severity: 'note' });
  expect(finding?.found).toMatch(/, 3[56]\d\d s from that of this machine$/);
});

test('a database that is not UTF-8 is an error', async () => {
  const server = serverUrl();
  await query(
    server,
    "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'",
  );
  const url = new URL(server);
  url.pathname = '/ascii';
  // The server of the tests need not survive a power cut.
  const found = (await findingsOn(settings, url.href)).map(({ code, found: text }) => [code, text]);
  expect(found).toContainEqual([
    'DATABASE_ENCODING',
    'server_encoding is SQL_ASCII: it cannot store all names and prompts',
  ]);
  await query(server, 'DROP DATABASE ascii');
});

test('a cache on a full disk is a warning', async () => {
  const folder = `${await temporaryFolder()}/cache`;
  const chain = chainConfig({
    chain: { url: 'http://127.0.0.1:1', chainId: 1 } as Parameters<typeof chainConfig>[0]['chain'],
    tokens: [],
    databaseUrl: '',
    more: { cache: { folder, maxBytes: 1 } },
  });
  const most = { chains: [chain], freeBytesAtLeast: Number.MAX_SAFE_INTEGER };
  const [finding] = await cacheDisk.run(most);
  expect(finding).toMatchObject({ code: 'CACHE_DISK_LOW', about: folder });
  expect(finding?.found).toMatch(/^\d+\.\d GB are free$/);
  expect(await cacheDisk.run({ ...most, freeBytesAtLeast: 0 })).toEqual([]);
});

it('a check that hangs ends at its time limit, and the others do not wait for it', async () => {
  const examination = new Examination(20);
  const hanging = new Promise<never>(() => undefined);
  const results = await Promise.all([
    examination.run('slow', 'node', () => hanging),
    examination.run('quick', 'node', async () => ({ findings: [] })),
  ]);
  expect(results).toEqual([null, { findings: [] }]);
  expect(examination.results.map(({ check, findings }) => [check, findings])).toEqual([
    [
      'slow',
      [
        {
          code: 'CHECK_TIMED_OUT',
          severity: 'warning',
          about: 'node',
          found: 'the check "slow" had no answer within 0.02 s',
          remedy: expect.any(String),
        },
      ],
    ],
    ['quick', []],
  ]);
});

it('a check that fails is a finding with the hint of its error, without secrets', async () => {
  const examination = new Examination();
  await examination.run('odd', 'books', async () => {
    throw new ImoError('ODD', 'https://node.example/v2/5f3a9c0b7d1e4826a0f9 is odd', 'Even it.');
  });
  expect(examination.results.flatMap(({ findings }) => findings)).toEqual([
    {
      code: 'CHECK_FAILED',
      severity: 'error',
      about: 'books',
      found: 'the check "odd" failed: https://node.example/… is odd',
      remedy: 'Even it.',
    },
  ]);
});
