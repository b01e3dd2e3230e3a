import { quotedColumns, type TableColumn, type TableOf, type Written } from '../../model/table.js';
import type { SqlClient } from '../database/sqlClient.js';

/**
 * Inserts a row into one of the small tables of what is indexed. @param row may have more fields
 * than the columns
 */
export async function insertRow<Row>(
  db: SqlClient,
  table: TableOf<Row>,
  row: Written<Row>,
): Promise<void> {
  const fields = Object.keys(table.columns) as (keyof Row & string)[];
  await db.query(
    `INSERT INTO ${table.name} (${quotedColumns(table).join(', ')})
     VALUES (${fields.map((_, index) => `$${index + 1}`).join(', ')})`,
    fields.map((field) => parameterOf(table.columns[field], row[field])),
  );
}

/** A value as `pg` sends it. */
function parameterOf({ type }: TableColumn, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'bytea') return Buffer.from(String(value).slice(2), 'hex');
  return type === 'jsonb' ? JSON.stringify(value) : value;
}
