import { isAmountIndexed } from '../query/amountIndex.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';
import { balanceTurns } from './balanceTurns.js';

/** The index of all balances that holders ever had, in their order: after the backfill. */
export const BY_BALANCE = { deferred: 'balance_checkpoint_by_balance' };

/** Accounts with the largest balances that a token's holders ever had up to a block. */
export interface LargestEver {
  /** 20 bytes each, in no order. */
  readonly accounts: readonly Buffer[];
  /** Where the walk ended; `null`: nobody else ever had anything. */
  readonly end: LargestEnd | null;
}

/** Everybody else had less than that at any time, or the same and has a higher account. */
export interface LargestEnd {
  /** In token units. */
  readonly balance: bigint;
  /** 20 bytes. */
  readonly account: Buffer;
}

interface Row {
  readonly is_whole: boolean;
  readonly balance: string | null;
  readonly account: Buffer | null;
  readonly accounts: Buffer[] | null;
}

/**
 * Returns the accounts that had one of the largest balances.
 *
 * @param turns how many balances to read: each turn leaves out the accounts of earlier turns, as often as they moved
 * @returns `null` if balances are not indexed
 */
export async function readLargestEver(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
  turns: readonly number[],
): Promise<LargestEver | null> {
  if (!(await isAmountIndexed(db, BY_BALANCE))) return null;
  const items = balanceTurns({
    token: '$1',
    conditions: ['b.block_number <= $2', 'b.balance > 0'],
    turns: turns.map((_, index) => `$${index + 3}::bigint`),
  });
  const [row] = await readRows<Row>(
    db,
    `largest_ever_${turns.length}`,
    `WITH ${items.join(', ')}
     SELECT e.*, (SELECT array_agg(DISTINCT account) FROM walked) AS accounts FROM walk_end e`,
    [tokenNumber, block, ...turns],
  );
  if (row === undefined) return null;
  const { accounts, is_whole: isWhole, account, balance } = row;
  const end = isWhole || account === null ? null : { balance: BigInt(balance ?? 0), account };
  return { accounts: accounts ?? [], end };
}

/** Whether lists can go along all balances that holders ever had. */
export function areBalancesIndexed(db: Queryable): Promise<boolean> {
  return isAmountIndexed(db, BY_BALANCE);
}
