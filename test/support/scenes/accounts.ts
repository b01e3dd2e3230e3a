import pg from 'pg';
import {
  type AccountBalance,
  readAccountBalances,
} from '../../../src/store/read/journal/accountBalances.js';
import { query } from '../databases/postgres.js';

/** Account balances as text, by asset and account. */
export type Balances = Record<string, Record<string, string>>;

/** The balances of an indexed contract's accounts at the end of a block. */
export async function balancesOf(
  databaseUrl: string,
  address: string,
  block = 9_999_999,
): Promise<Balances> {
  const balances: Balances = {};
  for (const { asset, account, balanceWei } of await accountsOf(databaseUrl, address, block)) {
    balances[asset] = { ...balances[asset], [account]: String(balanceWei) };
  }
  return balances;
}

/** The sum of all accounts of an asset: zero. */
export function sumOf(balances: Balances, asset = 'native'): bigint {
  return Object.values(balances[asset] ?? {}).reduce((sum, balance) => sum + BigInt(balance), 0n);
}

async function accountsOf(
  databaseUrl: string,
  address: string,
  block: number,
): Promise<AccountBalance[]> {
  const [row] = await query<{ number: number }>(
    databaseUrl,
    `SELECT number FROM (SELECT number, address FROM token
       UNION ALL SELECT number, address FROM contract) AS numbered WHERE address = $1`,
    [Buffer.from(address.slice(2), 'hex')],
  );
  if (row === undefined) throw new Error(`${address} is not indexed`);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    return await readAccountBalances(pool, { tokenNumber: row.number, block });
  } finally {
    await pool.end();
  }
}
