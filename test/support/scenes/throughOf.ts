import type pg from 'pg';
import type { Address } from '../../../src/address.js';
import { readDepositPools } from '../../../src/store/read/pools/depositPools.js';
import { readThrough } from '../../../src/store/read/pools/through.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';

/** What accounts are owed through pools, and the pools. */
export async function throughOf(db: pg.Pool, accounts: readonly string[], block: number) {
  const pools = await readDepositPools(db);
  const [token] = await readTokens(db, { chainId: null, address: null });
  if (token === undefined) throw new Error('no token is indexed');
  const keys = accounts.map((account) => ({ token, account: account as Address, block }));
  return { pools, token, through: await readThrough(db, pools, keys) };
}
