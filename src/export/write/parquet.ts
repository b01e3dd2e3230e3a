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

const runFile = promisify(execFile);

/**
 * Writes an export to a Parquet file (zstd), with its manifest in the file's own metadata. Rows
 * go through a pipe of the file system: neither this process nor DuckDB ever has all of them.
 *
 * @throws ImoError `EXPORT_NO_PIPE` where the system has no such pipes, `EXPORT_NO_DUCKDB` where DuckDB is
 *   not installed
 */
export async function writeParquet(exported: OpenExport, path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-export-'));
  try {
    const pipe = join(folder, 'rows');
    await makePipe(pipe);
    const instance = await (await loadDuckDb()).create(':memory:', {
      threads: '2',
      memory_limit: MEMORY_LIMIT,
      temp_directory: join(folder, 'duckdb'),
    });
    try {
      const connection = await instance.connect();
      try {
        await pipeRows(exported, connection, pipe, copyStatement(exported, pipe, path));
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
): Promise<void> {
  const failures: unknown[] = [];
  const reading = connection.run(statement).catch(async (error: unknown) => {
    failures.push(error);
    // A writer waits until somebody has opened the pipe; one whose reader is gone fails.
    const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    rows.destroy();
    await reader.close();
  });
  const writing = pipeline(rows, createWriteStream(pipe)).catch((error: unknown) => {
    failures.push(error);
    // The rows so far look complete to DuckDB: its file must not count as complete.
    connection.interrupt();
  });
  await Promise.all([reading, writing]);
  if (failures.length > 0) throw failures[0];
}

function copyStatement({ request, manifest }: OpenExport, pipe: string, path: string): string {
  const columns = columnsOf(request).map(
    ({ name, type }) => `${quoted(name)}: '${DUCKDB_TYPES[type]}'`,
  );
  return `COPY (
    SELECT * FROM read_csv(${quoted(pipe)}, auto_detect = false, header = false, delim = ',',
      quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, parallel = false,
      columns = {${columns.join(', ')}})
  ) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_PER_GROUP},
    KV_METADATA {imo_ledger_manifest: ${quoted(JSON.stringify(manifest))}})`;
}

function quoted(text: string): string {
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
