import { lastOperationId, operationId } from '../ids.js';
import type { TokenAsOf } from './poolVersions.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** What an account of a token stands at, at the end of a block. */
export interface AccountBalance {
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly account: string;
  /** All that it gained and all that it gave since the deployment, both positive, in wei. */
  readonly volumeInWei: bigint;
  readonly volumeOutWei: bigint;
  /** The difference of the two. */
  readonly balanceWei: bigint;
}

/** All accounts of a token that were ever used up to the block: its trial balance. */
export async function readAccountBalances(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
): Promise<AccountBalance[]> {
  const rows = await readRows<{
    readonly asset: string;
    readonly account: string;
    readonly volume_in: string;
    readonly volume_out: string;
    readonly balance: string;
  }>(
    db,
    'account_balances',
    `SELECT asset, account,
       coalesce(sum(amount_wei) FILTER (WHERE amount_wei > 0), 0) AS volume_in,
       coalesce(-sum(amount_wei) FILTER (WHERE amount_wei < 0), 0) AS volume_out,
       sum(amount_wei) AS balance
     FROM posting WHERE id >= $1 AND id <= $2
     GROUP BY asset, account ORDER BY asset, account`,
    [operationId(tokenNumber, 0, 0), lastOperationId(tokenNumber, block)],
  );
  return rows.map((row) => ({
    asset: row.asset,
    account: row.account,
    volumeInWei: BigInt(row.volume_in),
    volumeOutWei: BigInt(row.volume_out),
    balanceWei: BigInt(row.balance),
  }));
}
