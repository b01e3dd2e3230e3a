import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';
import { newestCheckpoint } from './checkpointWalk.js';

/** Only accounts that held the token up to the block: the cache also has later holders. */
const HELD_BY_THEN = `EXISTS (${newestCheckpoint('$1', 'h', '$2')})`;

/**
 * Returns the next accounts that held a token up to a block, in the order of their addresses. One
 * page by the primary key, at any depth, and one probe for each account: with EXISTS, Postgres may merge the page with all
 * checkpoints of lower accounts.
 */
export async function readHolderAccounts(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
  after: Address | null,
  limit: number,
): Promise<Address[]> {
  const rows = await readRows<{ readonly account: Buffer }>(
    db,
    'holder_accounts',
    `SELECT h.account FROM holder h
     CROSS JOIN LATERAL (${newestCheckpoint('$1', 'h', '$2')}) c
     WHERE h.token_number = $1 AND h.account > $3
     ORDER BY h.account LIMIT $4`,
    [tokenNumber, block, after === null ? Buffer.alloc(0) : addressBytes(after), limit],
  );
  return rows.map(({ account }) => addressFromBytes(account));
}

/**
 * Returns a random sample of the accounts that held a token up to a block, in the order of their
 * addresses. The same seed gives the same sample; every account has the same chance.
 */
export async function sampleHolderAccounts(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
  seed: string,
  size: number,
): Promise<Address[]> {
  const rows = await readRows<{ readonly account: Buffer }>(
    db,
    'holder_sample',
    `SELECT account FROM (
       SELECT h.account FROM holder h
       WHERE h.token_number = $1 AND ${HELD_BY_THEN}
       ORDER BY md5($3 || encode(h.account, 'hex')), h.account LIMIT $4
     ) AS drawn ORDER BY account`,
    [tokenNumber, block, seed, size],
  );
  return rows.map(({ account }) => addressFromBytes(account));
}

/** How many accounts held a token up to a block, and their total balance. */
export async function readHolderTotals(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
): Promise<{ readonly holders: number; readonly balance: bigint }> {
  const [row] = await readRows<{ readonly holders: string; readonly balance: string }>(
    db,
    'holder_totals',
    `SELECT count(*) AS holders, coalesce(sum(c.balance), 0) AS balance FROM holder h
     CROSS JOIN LATERAL (${newestCheckpoint('$1', 'h', '$2')}) c
     WHERE h.token_number = $1`,
    [tokenNumber, block],
  );
  return { holders: Number(row?.holders ?? 0), balance: BigInt(row?.balance ?? 0) };
}
