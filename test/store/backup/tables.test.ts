import { beforeAll, expect, test } from 'vitest';
import { COPIED_TABLES } from '../../../src/store/backup/tables.js';
import { tablesOf } from '../../support/databases/everyRow.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';

let url: string;

beforeAll(async () => {
  url = await freshDatabase();
});

test('a backup has every table that the migrations make', async () => {
  expect([...COPIED_TABLES, 'migrations'].toSorted()).toEqual(await tablesOf(url));
});

test('a table is copied after those that it references', async () => {
  const references = await query<{ table: string; to: string }>(
    url,
    `SELECT conrelid::regclass::text AS "table", confrelid::regclass::text AS "to"
     FROM pg_constraint WHERE contype = 'f'`,
  );
  expect(references).toContainEqual({ table: 'collection', to: 'contract' });
  for (const { table, to } of references) {
    expect(COPIED_TABLES.indexOf(table)).toBeGreaterThan(COPIED_TABLES.indexOf(to));
  }
});

test('rows are all that a database has: no sequence, view, function or generated column', async () => {
  const others = await query(
    url,
    `SELECT sequence_name AS name FROM information_schema.sequences WHERE sequence_name <> 'migrations_id_seq'
     UNION ALL SELECT table_name FROM information_schema.views WHERE table_schema = 'public'
     UNION ALL SELECT routine_name FROM information_schema.routines WHERE routine_schema = 'public'
     UNION ALL SELECT trigger_name FROM information_schema.triggers
     UNION ALL SELECT column_name FROM information_schema.columns WHERE is_generated <> 'NEVER'
       AND table_schema = 'public'`,
  );
  expect(others).toEqual([]);
});
