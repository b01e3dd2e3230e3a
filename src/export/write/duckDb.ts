import type { DuckDBInstance } from '@duckdb/node-api';
import { ImoError } from '../../errors.js';

/** An optional dependency: only Parquet needs it. */
export async function loadDuckDb(): Promise<typeof DuckDBInstance> {
  try {
    return (await import('@duckdb/node-api')).DuckDBInstance;
  } catch (cause) {
    throw new ImoError(
      'EXPORT_NO_DUCKDB',
      'DuckDB, which writes and reads Parquet files, is not installed for this machine',
      'Run `npm ci` without `--omit=optional`, or export CSV or JSON lines and convert them.',
      { cause },
    );
  }
}
