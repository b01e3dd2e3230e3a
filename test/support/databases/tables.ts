import { TABLES } from '../../../src/model/tables/index.js';
import { query } from '../query.js';

/** What is hashed comes when its block is final, and not with the commit. */
const HASHES = ['ledger_hash', 'snapshot_commitment'];
const WITHOUT_ENTITY = ['collection', 'balance_checkpoint', 'holder', 'chain_cursor', 'hot_block'];
const NAMES = [...TABLES.map(({ name }) => name), ...WITHOUT_ENTITY].filter(
  (name) => !HASHES.includes(name),
);

const EVERY_ROW = NAMES.map(
  (name) =>
    `SELECT '${name}' AS name, array(SELECT row.*::text FROM ${name} AS row ORDER BY 1) AS lines`,
).join(' UNION ALL ');

/** Every row of every table as text, in a fixed order: equal books are equal here. */
export async function dumpTables(databaseUrl: string): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string; lines: string[] }>(databaseUrl, EVERY_ROW);
  return Object.fromEntries(tables.map(({ name, lines }) => [name, lines]));
}

/** Number of rows by table. */
export async function countRows(databaseUrl: string): Promise<Record<string, number>> {
  const dump = await dumpTables(databaseUrl);
  return Object.fromEntries(Object.entries(dump).map(([table, rows]) => [table, rows.length]));
}

/** Number of rows of the books in blocks above a height: a rollback takes them back. */
export async function countOperations(databaseUrl: string, height: number): Promise<number> {
  const counts = TABLES.filter(({ isByBlock, isHashed }) => isByBlock && isHashed).map(
    ({ name }) => `SELECT count(*) AS rows FROM ${name} WHERE block_number > ${height}`,
  );
  const sql = `SELECT sum(rows)::integer AS rows FROM (${counts.join(' UNION ALL ')}) AS counted`;
  return (await query<{ rows: number }>(databaseUrl, sql))[0]?.rows ?? 0;
}

/** Numbers of the kept blocks in which nothing has a row: there must be none. */
export async function blocksWithoutRows(databaseUrl: string): Promise<number[]> {
  const used = TABLES.filter(({ isByBlock }) => isByBlock).map(
    ({ name }) => `SELECT block_number FROM ${name}`,
  );
  const rows = await query<{ number: number }>(
    databaseUrl,
    `SELECT number FROM block WHERE number NOT IN (${used.join(' UNION ALL ')}) ORDER BY 1`,
  );
  return rows.map(({ number }) => number);
}
