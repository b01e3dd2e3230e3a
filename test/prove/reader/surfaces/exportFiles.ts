import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { openExport } from '../../../../src/export/request/openExport.js';
import { type ExportTexts, parseExportRequest } from '../../../../src/export/request/request.js';
import { writeExportFile } from '../../../../src/export/write/writeFile.js';
import {
  EXPORT_FIGURES,
  type ExportedCells,
  type ExportOptions,
  readExports,
} from '../exportFigures.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';

const WITHIN_MS = 600_000;

function exportSurface(
  surface: string,
  format: 'csv' | 'jsonl' | 'parquet',
  rowsOf: (path: string) => Promise<ExportedCells[]>,
): Surface {
  return {
    surface,
    names: EXPORT_FIGURES,
    async read(world, draw, sheet) {
      const read = async (dataset: string, options: ExportOptions) => {
        const path = await writeFileOf(world, dataset, { ...options, format });
        const rows = await rowsOf(path);
        await rm(path);
        await rm(`${path}.manifest.json`);
        return rows;
      };
      await readExports(read, draw, sheet);
    },
  };
}

/** Writes an export as `imo-ledger export --out` does. */
export async function writeFileOf(
  { databaseUrl, folder }: ReaderWorld,
  dataset: string,
  options: ExportOptions,
): Promise<string> {
  const request = parseExportRequest(dataset, options as ExportTexts);
  const exported = await openExport(request, { databaseUrl, withinMs: WITHIN_MS });
  const path = join(folder, `${dataset}-${randomBytes(6).toString('hex')}.${request.format}`);
  try {
    await writeExportFile(exported, path);
  } finally {
    await exported.close();
  }
  return path;
}

/** All rows of an export, as `imo-ledger export --format jsonl` writes them. */
export async function exportedRows(
  world: ReaderWorld,
  dataset: string,
  options: ExportOptions,
): Promise<ExportedCells[]> {
  const path = await writeFileOf(world, dataset, { ...options, format: 'jsonl' });
  return jsonRows(await readFile(path, 'utf8'));
}

/** The rows of a CSV text; an empty cell without quotes is null. */
export function csvRows(text: string): ExportedCells[] {
  return parse(text, {
    columns: true,
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  }) as ExportedCells[];
}

/** The rows of JSON lines, every value as text. */
export function jsonRows(text: string): ExportedCells[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => textsOf(JSON.parse(line) as Record<string, unknown>));
}

function textsOf(row: Readonly<Record<string, unknown>>): ExportedCells {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

async function parquetRows(path: string): Promise<ExportedCells[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT * FROM '${path}'`);
    return (reader.getRowObjectsJson() as Record<string, unknown>[]).map(textsOf);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The three formats of exports. */
export const exportFiles: readonly Surface[] = [
  exportSurface('CSV', 'csv', async (path) => csvRows(await readFile(path, 'utf8'))),
  exportSurface('JSON lines', 'jsonl', async (path) => jsonRows(await readFile(path, 'utf8'))),
  exportSurface('Parquet', 'parquet', parquetRows),
];
