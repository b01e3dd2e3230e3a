import { query } from '../query.js';

const TABLES = [
  'token',
  'token_terms',
  'revenue_asset',
  'block',
  'pool_version',
  'snapshot',
  'receipt',
  'journal_entry',
  'posting',
  'contract',
  'model_version',
  'model_total',
  'model_change',
  'model_payout',
  'oracle_request',
  'oracle_result',
  'sale',
  'sale_entry',
  'sale_version',
  'collection',
  'collection_version',
  'aigc_token',
  'aigc_transfer',
  'aigc_data',
  'aigc_content',
  'aigc_request',
  'mint_payment',
  'mint_revenue',
  'price_feed',
  'price_round',
  'claim',
  'redemption',
  'transfer',
  'balance_checkpoint',
  'holder',
  'chain_cursor',
  'hot_block',
];

const EVERY_ROW = TABLES.map(
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
