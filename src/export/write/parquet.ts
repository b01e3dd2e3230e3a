import { execFile } from 'node:child_process';
import { constants, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImoError } from '../../errors.js';
import type { ColumnType } from '../columns/dataset.js';
import { columnsOf } from '../columns/priced.js';
import type { OpenExport } from '../request/openExport.js';
import { loadDuckDb } from './duckDb.js';

/**
 * How DuckDB keeps each type. Its numbers end at 128 bits, and beyond 38 digits it silently
 * takes a double: so exact numbers are text. Times are UTC without a zone, so that a day is the
 * same day wherever the file is read.
 */
const DUCKDB_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  address: 'VARCHAR',
  hash: 'VARCHAR',
  uint256: 'VARCHAR',
  int256: 'VARCHAR',
  decimal: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
};

/** Kept low: the rows of one group are in memory until it is written. */
const ROWS_PER_GROUP = 20_480;
const MEMORY_LIMIT = '192MB';
/** A second thread takes a whole core while the first waits for the rows of a pipe. */
const THREADS_OF_PIPE = 1;

const runFile = promisify(execFile);

/** How every Parquet file is written. */
export const PARQUET_OPTIONS = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_PER_GROUP}`;

/** A row of what a statement of DuckDB returns; numbers beyond 53 bits are text. */
export type DuckDbRow = Readonly<Record<string, unknown>>;

/**
 * Writes an export to a Parquet file (zstd), with its manifest in the file's own metadata.
 *
 * @throws what `pipeToDuckDb` throws
 */
export async function writeParquet(exported: OpenExport, path: string): Promise<void> {
  await pipeToDuckDb(exported, (source) => copyStatement(exported, source, path));
}

/**
 * Runs a statement of DuckDB on the rows of an export. They go through a pipe of the file system:
 * neither this process nor DuckDB ever has all of them.
 *
 * @param statementOf makes the statement: it reads the rows from a table function, once
 * @returns what the statement returns
 * @throws ImoError `EXPORT_NO_PIPE` where the system has no such pipes, `EXPORT_NO_DUCKDB` where DuckDB is
 *   not installed
 */
export async function pipeToDuckDb(
  exported: OpenExport,
  statementOf: (source: string) => string,
): Promise<readonly DuckDbRow[]> {
  return withDuckDb(async (connection, folder) => {
    const pipe = join(folder, 'rows');
    await makePipe(pipe);
    return pipeRows(exported, connection, pipe, statementOf(sourceOf(exported, pipe)));
  }, THREADS_OF_PIPE);
}

/**
 * Opens DuckDB with a small share of memory, for as long as the work takes.
 *
 * @throws ImoError `EXPORT_NO_DUCKDB`, or what the work throws
 */
export async function withDuckDb<Result>(
  work: (connection: DuckDBConnection, folder: string) => Promise<Result>,
  threads = 2,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-export-'));
  try {
    const instance = await (await loadDuckDb()).create(':memory:', {
      threads: String(threads),
      memory_limit: MEMORY_LIMIT,
      temp_directory: join(folder, 'duckdb'),
    });
    try {
      const connection = await instance.connect();
      try {
        return await work(connection, folder);
      } finally {
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One end of the pipe is written here while DuckDB reads the other; neither may wait for ever. */
async function pipeRows(
  { rows }: OpenExport,
  connection: DuckDBConnection,
  pipe: string,
  statement: string,
): Promise<readonly DuckDbRow[]> {
  const failures: unknown[] = [];
  const reading = connection.runAndReadAll(statement).catch(async (error: unknown) => {
    failures.push(error);
    // A writer waits until somebody has opened the pipe; one whose reader is gone fails.
    const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    rows.destroy();
    await reader.close();
    return null;
  });
  const writing = pipeline(rows, createWriteStream(pipe)).catch((error: unknown) => {
    failures.push(error);
    // The rows so far look complete to DuckDB: its file must not count as complete.
    connection.interrupt();
  });
  const [done] = await Promise.all([reading, writing]);
  if (done === null || failures.length > 0) throw failures[0];
  return done.getRowObjectsJson();
}

function sourceOf({ request }: OpenExport, pipe: string): string {
  const columns = columnsOf(request).map(
    ({ name, type }) => `${duckDbText(name)}: '${DUCKDB_TYPES[type]}'`,
  );
  return `read_csv(${duckDbText(pipe)}, auto_detect = false, header = false, delim = ',',
      quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, parallel = false,
      columns = {${columns.join(', ')}})`;
}

function copyStatement({ manifest }: OpenExport, source: string, path: string): string {
  return `COPY (SELECT * FROM ${source}) TO ${duckDbText(path)} (${PARQUET_OPTIONS},
    KV_METADATA {imo_ledger_manifest: ${duckDbText(JSON.stringify(manifest))}})`;
}

/** A text in a statement of DuckDB. */
export function duckDbText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function makePipe(path: string): Promise<void> {
  try {
    await runFile('mkfifo', ['-m', '600', path]);
  } catch (cause) {
    throw new ImoError(
      'EXPORT_NO_PIPE',
      'cannot create a pipe for the rows of a Parquet file',
      'Parquet needs `mkfifo`, which every Unix has; export as csv here and convert it with DuckDB.',
      { cause },
    );
  }
}
