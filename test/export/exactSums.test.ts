import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExport } from '../../src/export/request/openExport.js';
import { parseExportRequest } from '../../src/export/request/request.js';
import { writeParquet } from '../../src/export/write/parquet.js';
import { mint, receipt, snapshot } from '../store/read/actions.js';
import type { Books } from '../store/read/books.js';
import { ALICE, openScenario, PAYER } from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { exportText } from './support.js';

/** A double has 53 bits: no sum of these is right in doubles. */
const AMOUNTS = [10n ** 24n + 1n, 123_456_789_012_345_678_901_234n, 3_585n];

const DATASETS = ['receipts', 'transfers'];

let url: string;
let books: Books;
let folder: string;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  for (const [index, amount] of AMOUNTS.entries()) {
    await books.commit(
      1,
      60 + index,
      new Map([[1, [receipt(PAYER, amount), mint(ALICE, amount), snapshot()]]]),
    );
  }
  folder = await temporaryFolder();
  for (const dataset of DATASETS) {
    for (const format of ['csv', 'jsonl']) {
      const { content } = await exportText(url, dataset, { format });
      writeFileSync(join(folder, `${dataset}.${format}`), content);
    }
    const request = parseExportRequest(dataset, { format: 'parquet' });
    const exported = await openExport(request, { databaseUrl: url, withinMs: 60_000 });
    await writeParquet(exported, join(folder, `${dataset}.parquet`));
    await exported.close();
  }
});
afterAll(() => books.close());

/** The lines of the recipe in docs/data.md, each for a format. */
const RECIPES = [
  ...(/```sql\n(SELECT sum[\s\S]*?)```/
    .exec(readFileSync('docs/data.md', 'utf8'))?.[1]
    ?.matchAll(/^SELECT .*;$/gm) ?? []),
].map(([line]) => line);

test('docs/data.md has a recipe for each format', () => {
  const formats = RECIPES.map((line) => /\.(parquet|jsonl|csv)'/.exec(line)?.[1]);
  expect(formats.toSorted()).toEqual(['csv', 'jsonl', 'parquet']);
});

test.each(RECIPES)('%s is exact to the wei', async (recipe) => {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run(`SET file_search_path = '${folder}'`);
  const totalOf = async (sql: string) => {
    const [row] = (await duckdb.runAndReadAll(sql)).getRowObjectsJson();
    return String(row?.total);
  };
  const totals = await Promise.all(
    DATASETS.map((dataset) => totalOf(recipe.replaceAll('journal', dataset))),
  );
  const [sums] = await query<{ received: string; moved: string }>(
    url,
    `SELECT (SELECT sum(amount_wei) FROM receipt) AS received,
       (SELECT sum(amount) FROM transfer) AS moved`,
  );
  expect(totals).toEqual([sums?.received, sums?.moved]);
  duckdb.closeSync();
});
