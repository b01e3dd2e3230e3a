import { COPIED_TABLES } from '../../../src/store/backup/tables.js';
import { query } from '../query.js';

const EVERY_ROW = COPIED_TABLES.map(
  (name) =>
    `SELECT '${name}' AS name, array(SELECT row.*::text FROM ${name} AS row ORDER BY 1) AS lines`,
).join(' UNION ALL ');

/** Every row of every table as text, those of the store included. */
export async function everyRow(databaseUrl: string): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string; lines: string[] }>(databaseUrl, EVERY_ROW);
  return Object.fromEntries(tables.map(({ name, lines }) => [name, lines]));
}

/** Names of the tables in a database. */
export async function tablesOf(databaseUrl: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    databaseUrl,
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' ORDER BY table_name`,
  );
  return rows.map(({ name }) => name);
}
