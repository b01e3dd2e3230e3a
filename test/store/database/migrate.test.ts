import pg from 'pg';
import { expect, test } from 'vitest';
import { readKnownMigrations } from '../../../src/store/database/knownMigrations.js';
import { assertSchemaCurrent, migrate } from '../../../src/store/database/migrate.js';
import { revertLastMigration } from '../../../src/store/database/migrationLibrary.js';
import { runMigrations } from '../../../src/store/database/schemaTransaction.js';
import { emptyDatabase, freshDatabase, query } from '../../support/databases/postgres.js';
import { schemaOf } from '../../support/databases/schemaOf.js';
import { eventually } from '../../support/eventually.js';

const LEDGER_TABLES = `SELECT count(*)::int AS count FROM pg_tables
  WHERE schemaname = 'public' AND tablename <> 'migrations'`;

async function countTables(url: string): Promise<number | undefined> {
  const [row] = await query<{ count: number }>(url, LEDGER_TABLES);
  return row?.count;
}

test('migrations go up, down to nothing, and up again', async () => {
  const url = await emptyDatabase();
  const names = await migrate(url);
  expect(names[0]).toBe('Ledger1764000000000');
  expect(names.toSorted()).toEqual((await readKnownMigrations()).toSorted());
  const tables = await countTables(url);

  for (const _ of names) await revertLastMigration(url);
  expect(await countTables(url)).toBe(0);

  expect(await migrate(url)).toEqual(names);
  expect(await countTables(url)).toBe(tables);
  expect(await migrate(url), 'nothing is left to do').toEqual([]);
});

test('two processes that migrate at once do the work once', async () => {
  const url = await emptyDatabase();
  const runs = await Promise.all([migrate(url), migrate(url)]);
  expect(runs.map((names) => names.length > 0).sort()).toEqual([false, true]);
});

const WIDE = 'WideNumbers1764950000000';

/** More than is changed in place. Every tenth row belongs to a token above 9,999. */
const MANY_TRANSFERS = `INSERT INTO transfer SELECT
    prefix || '-' || lpad(i::text, 10, '0') || '-000000', number, i, now(),
    '\\x01', 0, 0, 0, '\\x02', '\\x03', i
  FROM (SELECT i, CASE WHEN i % 10 = 0 THEN 10004 ELSE 7 END AS number,
    CASE WHEN i % 10 = 0 THEN '10004' ELSE '0007' END AS prefix FROM generate_series(1, 60000) AS i) AS rows`;
const TRANSFERS = `SELECT count(*)::int AS rows, sum(amount)::text AS amount, min(id) AS first, max(id) AS last,
  sum(block_number)::text AS blocks FROM transfer`;
const WAITING = `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
  AND wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX CONCURRENTLY transfer__copy_wait%'`;

test('a large table is rewritten while its readers read, and a killed run is continued', async () => {
  const url = await emptyDatabase();
  const names = await readKnownMigrations();
  await runMigrations(url, names.slice(0, names.indexOf(WIDE)));
  const narrow = await schemaOf(url);
  await query(url, MANY_TRANSFERS);
  await query(url, `INSERT INTO block VALUES ('1-0000000001', 1, 1, '\\x01', now())`);
  const before = await query(url, TRANSFERS);
  expect(before).toMatchObject([{ rows: 60_000, first: '0007-0000000001-000000' }]);

  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT FROM token');
  const killed = expect(runMigrations(url, [WIDE])).rejects.toThrow();
  await eventually(async () => expect(await query(url, WAITING)).toHaveLength(1));
  expect((await reader.query(TRANSFERS)).rows, 'an earlier snapshot').toEqual(before);
  expect(await query(url, TRANSFERS), 'a new one').toEqual(before);
  await query(url, `SELECT pg_terminate_backend(pid) FROM (${WAITING}) AS waiting`);
  await killed;
  await reader.query('COMMIT');
  expect(await query(url, TRANSFERS)).toEqual(before);

  await runMigrations(url, [WIDE]);
  expect(await query(url, TRANSFERS)).toEqual([
    { ...before[0], last: 'a0000000000010004-0000060000-000000' },
  ]);
  await query(url, 'DELETE FROM transfer WHERE token_number > 9999');
  const kept = await query(url, TRANSFERS);
  await revertLastMigration(url);
  expect(await schemaOf(url)).toEqual(narrow);
  expect(await query(url, TRANSFERS)).toEqual(kept);

  await migrate(url);
  expect(await query(url, TRANSFERS)).toEqual(kept);
  expect(await schemaOf(url)).toEqual(await schemaOf(await freshDatabase()));
});

test('a schema that is behind is refused, with the command that helps', async () => {
  const url = await emptyDatabase();
  await expect(assertSchemaCurrent(url)).rejects.toMatchObject({
    code: 'SCHEMA_BEHIND',
    message: expect.stringContaining('Ledger1764000000000'),
    hint: expect.stringContaining('imo-ledger migrate'),
  });
  await migrate(url);
  await assertSchemaCurrent(url);
});

test('a schema that is newer than the program is refused by both', async () => {
  const url = await freshDatabase();
  await query(
    url,
    `INSERT INTO migrations ("timestamp", name) VALUES (9e12, 'Future9000000000000')`,
  );
  const refusal = { code: 'SCHEMA_NEWER', message: expect.stringContaining('Future9000000000000') };
  await expect(assertSchemaCurrent(url)).rejects.toMatchObject(refusal);
  await expect(migrate(url)).rejects.toMatchObject(refusal);
});
