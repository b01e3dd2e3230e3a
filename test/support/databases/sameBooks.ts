import { TABLES } from '../../../src/model/tables/index.js';
import { query } from '../query.js';

/** Tables of the books that schema.graphql does not have, by the column of their number. */
const OTHERS = [
  ['balance_checkpoint', 'token_number'],
  ['holder', 'token_number'],
  ['snapshot_proof', 'token_number'],
  ['collection', 'number'],
] as const;

/** Names of the contracts that rows belong to, in place of their numbers. */
const NAMES = `SELECT number, 'token ' || encode(address, 'hex') AS name FROM token WHERE chain_id > 0
  UNION ALL SELECT number, kind || ' ' || encode(address, 'hex') FROM contract WHERE chain_id > 0
  UNION ALL SELECT a.number, 'asset ' || encode(a.asset, 'hex') || ' of ' || encode(t.address, 'hex')
    FROM revenue_asset a JOIN token t ON t.number = a.token_number WHERE t.chain_id > 0
  UNION ALL SELECT number, 'feed ' || encode(aggregator, 'hex') || ' ' || start_block FROM price_feed`;

/**
 * All rows that live books have, by table, as lines without the numbers of contracts: the same for the same
 * contracts and blocks, whatever the order in which they were indexed.
 */
export async function booksByAddress(databaseUrl: string): Promise<Record<string, string[]>> {
  const owned = [
    ...TABLES.filter(({ owner }) => owner !== null).map(
      ({ name, owner }) => [name, owner] as const,
    ),
    ...OTHERS,
  ];
  const books: Record<string, string[]> = {};
  for (const [table, owner] of owned) {
    const rows = await query<{ name: string; row: Record<string, unknown> }>(
      databaseUrl,
      `WITH names AS (${NAMES}) SELECT n.name, to_json(r) AS row
       FROM ${table} r JOIN names n ON n.number = r.${owner}`,
    );
    books[table] = rows.map(({ name, row }) => lineOf(name, { ...row, [String(owner)]: 0 })).sort();
  }
  for (const table of [
    'token',
    'contract',
    'sale',
    'deposit_pool',
    'block',
    'ledger_hash',
    'hash_cursor',
  ]) {
    const rows = await query<{ row: Record<string, unknown> }>(
      databaseUrl,
      `SELECT to_json(r) AS row FROM ${table} r WHERE chain_id > 0`,
    );
    books[table] = rows
      .map(({ row }) => lineOf('', { ...row, number: 0, kept: row.number }))
      .sort();
  }
  for (const table of ['token', 'contract', 'sale', 'deposit_pool']) {
    books[table] = (books[table] ?? []).map((line) => line.replace(/"kept":\d+/, ''));
  }
  return books;
}

function lineOf(name: string, row: Record<string, unknown>): string {
  const plain = Object.entries(row).map(([column, value]) => {
    const isId = typeof value === 'string' && /(^|_)id$/.test(column);
    return [column, isId ? value.replace(/^(\d{4}|a\d{16})-/, '') : value];
  });
  return `${name} ${JSON.stringify(Object.fromEntries(plain))}`;
}
