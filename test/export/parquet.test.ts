import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExport } from '../../src/export/request/openExport.js';
import { parseExportRequest } from '../../src/export/request/request.js';
import { writeParquet } from '../../src/export/write/parquet.js';
import type { Books } from '../store/read/books.js';
import { openScenario } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { exportRows } from './support.js';

let databaseUrl: string;
let books: Books;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
});
afterAll(() => books.close());

async function readParquet(path: string, columns = '*', source = 'read_parquet') {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`SELECT ${columns} FROM ${source}('${path}')`);
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  return rows;
}

async function writeDataset(name: string): Promise<string> {
  const path = join(await temporaryFolder(), `${name}.parquet`);
  const request = parseExportRequest(name, { format: 'parquet' });
  const exported = await openExport(request, { databaseUrl, withinMs: 60_000 });
  try {
    await writeParquet(exported, path);
  } finally {
    await exported.close();
  }
  return path;
}

describe('a Parquet file', () => {
  it.each(['holders', 'entitlements', 'transfers', 'receipts', 'claims', 'redemptions'])(
    'has the rows of %s, exact numbers as text',
    async (name) => {
      const path = await writeDataset(name);
      const rows = (await readParquet(path)).map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => {
            const isTime = column.endsWith('_time') && value !== null;
            const isWhole =
              typeof value === 'string' &&
              /_number|_id$|_index|_block|_decimals|position/.test(column);
            if (isTime) return [column, `${String(value).replace(' ', 'T')}Z`];
            return [column, isWhole && column !== 'row_id' ? Number(value) : value];
          }),
        ),
      );
      expect(rows).toEqual(await exportRows(databaseUrl, name));
      expect(rows.length).toBeGreaterThan(0);
    },
  );

  it.each(['journal', 'mints', 'oracle-requests', 'participations'])(
    'without rows, as of %s, still has the columns and their types',
    async (name) => {
      const path = await writeDataset(name);
      expect(await readParquet(path)).toEqual([]);
      const types = await readParquet(path, 'name, type', 'parquet_schema');
      const columns = new Map(types.map((row) => [row.name, row.type]));
      for (const column of parseExportRequest(name, {}).dataset.columns) {
        const type = { double: 'DOUBLE', integer: 'INT64', boolean: 'BOOLEAN' }[
          String(column.type)
        ];
        const stored = column.type === 'timestamp' ? 'INT64' : (type ?? 'BYTE_ARRAY');
        expect([column.name, columns.get(column.name)]).toEqual([column.name, stored]);
      }
    },
  );

  it('says in its own metadata what it is and as of which blocks', async () => {
    const path = await writeDataset('holders');
    const [row] = await readParquet(
      path,
      'decode(key) AS key, decode(value) AS value',
      'parquet_kv_metadata',
    );
    expect(row?.key).toBe('imo_ledger_manifest');
    expect(JSON.parse(String(row?.value))).toMatchObject({
      dataset: 'holders',
      asOf: [
        { chainId: 1, block: 55, isFinal: false },
        { chainId: 2, block: 60, isFinal: true },
      ],
      audit: { agrees: null, disagreements: [] },
    });
    expect((await readFile(path)).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('fails as the rows do, and does not wait for ever', async () => {
    const path = join(await temporaryFolder(), 'broken.parquet');
    const request = parseExportRequest('holders', { format: 'parquet' });
    const exported = await openExport(request, { databaseUrl, withinMs: 60_000 });
    const [first] = exported.request.dataset.columns;
    if (first === undefined) throw new Error('a dataset has columns');
    const columns = [{ ...first, name: 'alone', type: 'integer' as const }];
    const wrong = {
      ...exported,
      request: { ...request, dataset: { ...request.dataset, columns } },
    };
    await expect(writeParquet(wrong, path)).rejects.toThrow(/CSV|column/i);
    await exported.close();

    const refused = await openExport(request, { databaseUrl, withinMs: 60_000 });
    await expect(writeParquet(refused, '/nowhere/at/all.parquet')).rejects.toThrow(/nowhere/);
    await refused.close();
  });
});
