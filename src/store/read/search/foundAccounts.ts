import { type Address, addressFromBytes } from '../../../address.js';
import { isCluster } from '../query/cluster.js';
import { compareValues } from '../query/keysetPage.js';
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

/** A revenue asset has a number of its own for the books of its token. */
function ownersOf(owner: string): string {
  return owner === 'token'
    ? `SELECT number, chain_id FROM token UNION ALL
       SELECT a.number, t.chain_id FROM revenue_asset a JOIN token t ON t.number = a.token_number`
    : `SELECT number, chain_id FROM ${owner}`;
}

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
  if (await isCluster(db)) return findInCluster(db, low, high, most);
  const places = PLACES.map(({ list, table, column, owner, number }) => {
    const owners = ownersOf(owner);
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

/** The same in a cluster, which jumps over an index only by one statement for each account. */
async function findInCluster(
  db: Queryable,
  low: Buffer,
  high: Buffer,
  most: number,
): Promise<FoundAccount[]> {
  const found = new Map<string, FoundAccount & { readonly lists: string[] }>();
  for (const { list, table, column, owner, number } of PLACES) {
    const accounts = await accountsBetween(db, { table, column }, low, high, most);
    const rows = await readRows<{ readonly account: Buffer; readonly chain_id: number }>(
      db,
      `chains_of_${table}`,
      `SELECT DISTINCT r.${column} AS account, o.chain_id
       FROM ${table} r JOIN (${ownersOf(owner)}) o ON o.number = r.${number}
       WHERE r.${column} = ANY($1::bytea[]) AND o.chain_id > 0`,
      [accounts],
    );
    for (const { account, chain_id: chainId } of rows) {
      const address = addressFromBytes(account);
      const known = found.get(`${address} ${chainId}`);
      if (known !== undefined) known.lists.push(list);
      else found.set(`${address} ${chainId}`, { chainId, address, lists: [list] });
    }
  }
  const inOrder = [...found.values()].toSorted(
    (left, right) =>
      compareValues(left.address, right.address) || compareValues(left.chainId, right.chainId),
  );
  return inOrder.slice(0, most).map((one) => ({ ...one, lists: one.lists.toSorted() }));
}

async function accountsBetween(
  db: Queryable,
  { table, column }: { readonly table: string; readonly column: string },
  low: Buffer,
  high: Buffer,
  most: number,
): Promise<Buffer[]> {
  const accounts: Buffer[] = [];
  while (accounts.length < most) {
    const last = accounts.at(-1);
    const comparison = last === undefined ? '>=' : '>';
    const [next] = await readRows<{ readonly account: Buffer }>(
      db,
      `next_in_${table}_${last === undefined ? 'first' : 'after'}`,
      `SELECT ${column} AS account FROM ${table}
       WHERE ${column} ${comparison} $1 AND ${column} <= $2 ORDER BY 1 LIMIT 1`,
      [last ?? low, high],
    );
    if (next === undefined) break;
    accounts.push(next.account);
  }
  return accounts;
}
