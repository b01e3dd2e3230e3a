import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { loadDuckDb } from './duckDb.js';

/** A row of a file, by column. */
export interface ExportedRow {
  /** Counts lines, or rows of a Parquet file, from 1. */
  readonly number: number;
  /** As it is in the file, for messages. */
  readonly text: string;
  /** `null`: the row cannot be read. */
  readonly cells: Readonly<Record<string, string>> | null;
}

const PARQUET_MAGIC = 'PAR1';

/**
 * The rows of a file that `export` wrote, in any of its formats: what the file begins with says which.
 *
 * @throws ImoError `EXPORT_NO_DUCKDB` for a Parquet file where DuckDB is not installed; what the file
 *   system throws
 */
export async function* exportedRows(file: string): AsyncGenerator<ExportedRow> {
  const start = await startOf(file);
  if (start.startsWith(PARQUET_MAGIC)) yield* parquetRows(file);
  else yield* lineRows(file, start.trimStart().startsWith('{'));
}

async function startOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

async function* lineRows(file: string, isJson: boolean): AsyncGenerator<ExportedRow> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let columns: readonly string[] | null = null;
  let begun = '';
  let number = 0;
  for await (const line of lines) {
    number++;
    if (isJson) {
      if (line.trim() !== '') yield { number, text: line, cells: jsonCells(line) };
      continue;
    }
    // A name may have a line break, in quotes.
    const text = begun === '' ? line : `${begun}\n${line}`;
    begun = hasOpenQuote(text) ? text : '';
    if (begun !== '' || text.trim() === '') continue;
    const values = csvCells(text);
    if (columns === null) columns = values;
    else yield { number, text, cells: zipped(columns, values) };
  }
  if (begun !== '') yield { number, text: begun, cells: null };
}

function hasOpenQuote(text: string): boolean {
  return text.split('"').length % 2 === 0;
}

/** The cells of a record of RFC 4180; spaces around those without quotes do not count. */
function csvCells(record: string): string[] {
  const cells = `,${record}`.matchAll(/,(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g);
  return [...cells].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim());
}

function zipped(columns: readonly string[], values: readonly string[]) {
  return Object.fromEntries(columns.map((name, index) => [name, values[index] ?? '']));
}

function jsonCells(text: string): Record<string, string> | null {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    // The caller names the line.
    return null;
  }
  if (typeof row !== 'object' || row === null) return null;
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

async function* parquetRows(file: string): AsyncGenerator<ExportedRow> {
  const instance = await (await loadDuckDb()).create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    try {
      const name = `'${file.replaceAll("'", "''")}'`;
      const result = await connection.stream(`SELECT * FROM read_parquet(${name})`);
      let number = 0;
      for await (const rows of result.yieldRowObjectJson()) {
        for (const row of rows) {
          number++;
          const text = JSON.stringify(row);
          yield { number, text, cells: jsonCells(text) };
        }
      }
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
