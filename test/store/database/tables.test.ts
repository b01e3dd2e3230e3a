import { expect, test } from 'vitest';
import { TABLES } from '../../../src/model/tables/index.js';
import { distributeTables } from '../../../src/store/distributed/distributeTables.js';
import { DISTRIBUTED_BY, TABLE_KINDS } from '../../../src/store/distributed/tableKinds.js';
import { schemaDifferences } from '../../support/databases/compareTables.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';

test('the migrations make the tables that schema.graphql declares', async () => {
  expect(TABLES.length).toBeGreaterThan(30);
  expect(await schemaDifferences(await freshDatabase(), TABLES)).toEqual([]);
});

test('each difference between the migrations and schema.graphql is reported in a sentence', async () => {
  const url = await freshDatabase();
  await query(url, 'ALTER TABLE claim ADD COLUMN gas bigint');
  await query(url, 'ALTER TABLE claim DROP COLUMN snapshot_claimed_wei');
  await query(url, 'ALTER TABLE receipt ALTER COLUMN kind DROP NOT NULL');
  await query(url, 'ALTER TABLE redemption ALTER COLUMN burned TYPE numeric(40,0)');
  await query(url, 'ALTER TABLE posting DROP CONSTRAINT posting_pkey, ADD PRIMARY KEY (id)');
  await query(url, 'ALTER TABLE token DROP CONSTRAINT token_number_key');
  await query(url, 'ALTER TABLE sale ADD UNIQUE (address)');
  const sentences = await schemaDifferences(url, TABLES);
  expect(sentences.toSorted()).toEqual([
    'The migrations make the column claim.gas; schema.graphql lacks it.',
    'The primary key of posting is (token_number, id) by schema.graphql and (id) in the database.',
    'The unique index of sale (address) is in the database and not in schema.graphql.',
    'The unique index of token (number) is in schema.graphql and not in the database.',
    'receipt.kind is never null in schema.graphql and may be null in the database.',
    'redemption.burned is numeric in schema.graphql and numeric(40,0) in the database.',
    'schema.graphql has claim.snapshot_claimed_wei; no migration makes it.',
  ]);
});

test('every key of a table with owners has the number of the owner, as partitions need it', async () => {
  const keys = await query<{ table: string; columns: string[] }>(
    await freshDatabase(),
    `SELECT indrelid::regclass::text AS "table", array(SELECT a.attname::text FROM unnest(indkey) AS k(attnum)
       JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.attnum) AS columns
     FROM pg_index WHERE indisunique AND indrelid::regclass::text = ANY (
       SELECT c.table_name FROM information_schema.columns c WHERE c.table_schema = 'public'
         AND c.column_name IN ('token_number', 'contract_number', 'collection_number', 'sale_number',
           'pool_number', 'feed_number'))`,
  );
  expect(keys.length).toBeGreaterThan(40);
  const withoutOwner = keys.filter(({ columns }) => !columns.some((name) => /_number$/.test(name)));
  expect(withoutOwner, 'the registry only').toEqual([
    { table: 'revenue_asset', columns: ['number'] },
  ]);
});

test('every table is declared as distributed, as reference table or as local for a Citus cluster', async () => {
  const made = await query<{ name: string; columns: string[] }>(
    await freshDatabase(),
    `SELECT table_name AS name, array_agg(column_name::text) AS columns FROM information_schema.columns
     WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name COLLATE "C"`,
  );
  expect(made.map(({ name }) => name)).toEqual([...TABLE_KINDS.keys()]);
  const distributed = made.filter(({ name }) => TABLE_KINDS.get(name) === 'distributed');
  expect(distributed.map(({ name }) => name)).toEqual([
    'balance_checkpoint',
    'claim',
    'holder',
    'journal_entry',
    'posting',
    'receipt',
    'redemption',
    'transfer',
  ]);
  expect(distributed.every(({ columns }) => columns.includes(DISTRIBUTED_BY))).toBe(true);
});

test('PostgreSQL without Citus refuses to distribute the tables, and changes nothing', async () => {
  const url = await freshDatabase();
  const run = distributeTables(url, {
    shards: null,
    signal: new AbortController().signal,
    onTable: () => expect.fail('nothing is given away'),
  });
  await expect(run).rejects.toMatchObject({ code: 'CITUS_MISSING' });
  expect(await schemaDifferences(url, TABLES)).toEqual([]);
});
