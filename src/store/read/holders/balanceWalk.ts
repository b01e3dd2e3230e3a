import { isAmountIndexed } from '../query/amountIndex.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';

/** The index of all balances that holders ever had, in their order: after the backfill. */
export const BY_BALANCE = { deferred: 'balance_checkpoint_by_balance' };

/** Accounts with the largest balances that a token's holders ever had up to a block. */
export interface LargestEver {
  /** 20 bytes each, in no order. */
  readonly accounts: readonly Buffer[];
  /** Nobody else ever had more than that, in token units; `null`: nobody else ever had anything. */
  readonly othersAtMost: bigint | null;
}

interface Row {
  readonly count: number;
  readonly least: string | null;
  readonly accounts: Buffer[] | null;
}

/**
 * Returns the accounts that had one of the largest balances.
 *
 * @param balances how many to read: an account that moves tokens often has many
 * @returns `null` if balances are not indexed
 */
export async function readLargestEver(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
  balances: number,
): Promise<LargestEver | null> {
  if (!(await isAmountIndexed(db, BY_BALANCE))) return null;
  const [row] = await readRows<Row>(
    db,
    'largest_ever',
    `WITH walked AS MATERIALIZED (
       SELECT account, balance FROM balance_checkpoint
       WHERE token_number = $1 AND block_number <= $2 AND balance > 0
       ORDER BY balance DESC, account LIMIT $3
     )
     SELECT count(*) AS count, min(balance) AS least,
       array_agg(DISTINCT account) AS accounts
     FROM walked`,
    [tokenNumber, block, balances],
  );
  if (row === undefined) return null;
  const isWhole = Number(row.count) < balances;
  return {
    accounts: row.accounts ?? [],
    othersAtMost: isWhole || row.least === null ? null : BigInt(row.least),
  };
}

/** Whether lists can go along all balances that holders ever had. */
export function areBalancesIndexed(db: Queryable): Promise<boolean> {
  return isAmountIndexed(db, BY_BALANCE);
}
