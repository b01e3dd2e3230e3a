import { lastOperationId } from '../ids.js';
import type { TokenAsOf } from './poolVersions.js';
import type { Queryable } from './queryable.js';

/** What an account of a token stands at, at the end of a block. */
export interface AccountBalance {
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly account: string;
  readonly balanceWei: bigint;
}

/** All accounts of a token that were ever used up to the block: its trial balance. */
export async function readAccountBalances(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
): Promise<AccountBalance[]> {
  const { rows } = await db.query<{ asset: string; account: string; balance_wei: string }>({
    name: 'account_balances',
    text: `SELECT DISTINCT ON (asset, account) asset, account, balance_wei
      FROM posting WHERE token_number = $1 AND id <= $2
      ORDER BY asset, account, id DESC`,
    values: [tokenNumber, lastOperationId(tokenNumber, block)],
  });
  return rows.map((row) => ({
    asset: row.asset,
    account: row.account,
    balanceWei: BigInt(row.balance_wei),
  }));
}
