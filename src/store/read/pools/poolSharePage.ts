import { type Address, addressFromBytes } from '../../../address.js';
import {
  type AccountKey,
  type AccountQuery,
  type AccountTable,
  countAccounts,
  readAccountPage,
} from '../query/accountPage.js';
import type { Page, PageRequest } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';

const SHARES: AccountTable = {
  name: 'pool_share',
  owner: 'pool_number',
  account: 'depositor',
  totals: 'shares',
  figure: 'shares',
  statement: 'pool_share',
};

/** What a depositor has of a pool at the end of a block. */
export interface PoolShareRecord {
  readonly poolNumber: number;
  readonly depositor: Address;
  /** 0: it had shares and has none any more. */
  readonly shares: bigint;
}

interface ReadShare {
  readonly pool_number: number;
  readonly depositor: Buffer;
  readonly shares: string;
}

/** Reads a page of depositors: by pool and address, or by shares; each order has an index. */
export async function readPoolSharePage(
  db: Queryable,
  query: AccountQuery,
  request: PageRequest<AccountKey>,
): Promise<Page<PoolShareRecord>> {
  const page = await readAccountPage<ReadShare>(db, SHARES, query, request);
  const rows = page.rows.map(({ pool_number, depositor, shares }) => ({
    poolNumber: pool_number,
    depositor: addressFromBytes(depositor),
    shares: BigInt(shares),
  }));
  return { ...page, rows };
}

/** How many accounts ever had shares, of those that pass. */
export function countPoolShares(db: Queryable, query: AccountQuery): Promise<number> {
  return countAccounts(db, SHARES, query);
}
