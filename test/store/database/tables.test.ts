import { expect, test } from 'vitest';
import { TABLES } from '../../../src/model/tables/index.js';
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
