import { DuckDBInstance } from '@duckdb/node-api';
import type { ExportedCells } from './exportFigures.js';

/** The rows of a query of a DuckDB that knows nothing else, every value as text. */
export async function duckRows(
  sql: string,
  values: Readonly<Record<string, string | bigint>>,
): Promise<ExportedCells[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql, { ...values });
    return (reader.getRowObjectsJson() as Record<string, unknown>[]).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
      ),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
