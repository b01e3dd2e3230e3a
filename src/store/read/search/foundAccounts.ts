import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An account, and the lists that have rows of it. */
export interface FoundAccount {
  readonly chainId: number;
  readonly address: Address;
  readonly lists: readonly string[];
}

/** Where an account may be, by an index that begins with it. */
const PLACES = [
  { list: 'holder', table: 'holder', column: 'account', owner: 'token', number: 'token_number' },
  { list: 'receipts', table: 'receipt', column: 'payer', owner: 'token', number: 'token_number' },
  {
    list: 'requests',
    table: 'oracle_request',
    column: 'account',
    owner: 'contract',
    number: 'contract_number',
  },
  {
    list: 'participations',
    table: 'sale_entry',
    column: 'participant',
    owner: 'sale',
    number: 'sale_number',
  },
  {
    list: 'poolShares',
    table: 'pool_share',
    column: 'depositor',
    owner: 'deposit_pool',
    number: 'pool_number',
  },
] as const;

/** Distinct accounts of a table from one address to another, by jumps over its index. */
const distinctSql = (table: string, column: string) => `(
  WITH RECURSIVE next AS (
    (SELECT ${column} AS account FROM ${table} WHERE ${column} BETWEEN $1 AND $2 ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT (SELECT ${column} FROM ${table} WHERE ${column} > next.account AND ${column} <= $2
            ORDER BY 1 LIMIT 1)
    FROM next WHERE next.account IS NOT NULL
  ) SELECT account FROM next WHERE account IS NOT NULL LIMIT $3)`;

/**
 * Accounts with rows whose addresses lie between two, both included, in the order of their addresses: holders,
 * payers of revenue and of requests, participants of sales and depositors.
 *
 * @param most so many of each of these are examined
 */
export async function findAccounts(
  db: Queryable,
  low: Buffer,
  high: Buffer,
  most: number,
): Promise<FoundAccount[]> {
  const places = PLACES.map(({ list, table, column, owner, number }) => {
    // A revenue asset has a number of its own for the books of its token.
    const owners =
      owner === 'token'
        ? `SELECT number, chain_id FROM token UNION ALL
           SELECT a.number, t.chain_id FROM revenue_asset a JOIN token t ON t.number = a.token_number`
        : `SELECT number, chain_id FROM ${owner}`;
    return `SELECT '${list}' AS list, found.account, own.chain_id
      FROM ${distinctSql(table, column)} found
      CROSS JOIN LATERAL (
        SELECT DISTINCT o.chain_id FROM (${owners}) o
        WHERE o.chain_id > 0 AND EXISTS (SELECT FROM ${table} r
          WHERE r.${column} = found.account AND r.${number} = o.number)
      ) own`;
  });
  const rows = await readRows<{
    readonly account: Buffer;
    readonly chain_id: number;
    readonly lists: string[];
  }>(
    db,
    'found_accounts',
    `SELECT account, chain_id, array_agg(list ORDER BY list) AS lists
     FROM (${places.join(' UNION ALL ')}) found
     GROUP BY account, chain_id ORDER BY account, chain_id LIMIT $3`,
    [low, high, most],
  );
  return rows.map(({ account, chain_id: chainId, lists }) => {
    return { chainId, address: addressFromBytes(account), lists };
  });
}
