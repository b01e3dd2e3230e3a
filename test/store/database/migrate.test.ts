import { expect, test } from 'vitest';
import { readKnownMigrations } from '../../../src/store/database/knownMigrations.js';
import { assertSchemaCurrent, migrate } from '../../../src/store/database/migrate.js';
import { revertLastMigration } from '../../../src/store/database/migrationLibrary.js';
import { emptyDatabase, freshDatabase, query } from '../../support/databases/postgres.js';

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
