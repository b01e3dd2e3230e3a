import { lastOperationId } from '../../ids.js';
import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenAsOf } from '../tokens/poolVersions.js';

/** The balance of an account of a token, oracle or sale, at the end of a block. */
export interface AccountBalance {
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly account: string;
  /** Sums of all increases and of all decreases since the start, both positive, in wei. */
  readonly volumeInWei: bigint;
  readonly volumeOutWei: bigint;
  /** The difference of the two. */
  readonly balanceWei: bigint;
}

/**
 * Returns all accounts of a token, oracle or sale that were used up to the block: its trial
 * balance. The opening balance of a model counts from the start of its oracle, even before the
 * block in which the model was found (as in `readModels`).
 */
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
     FROM (
       SELECT asset, account, amount_wei FROM posting WHERE token_number = $1 AND id <= $2
       UNION ALL
       SELECT v.asset, a.account, a.amount_wei FROM model_version v CROSS JOIN LATERAL (
         VALUES ('upstream/' || v.model_id, v.accrued), ('opening', -v.accrued)
       ) a(account, amount_wei)
       WHERE v.contract_number = $1 AND v.is_opening AND v.id > $2 AND v.accrued > 0
     ) moved
     GROUP BY asset, account ORDER BY asset, account`,
    [tokenNumber, lastOperationId(tokenNumber, block)],
  );
  return rows.map((row) => ({
    asset: row.asset,
    account: row.account,
    volumeInWei: BigInt(row.volume_in),
    volumeOutWei: BigInt(row.volume_out),
    balanceWei: BigInt(row.balance),
  }));
}

/** The balance of an account of a contract. */
export type NewestBalance = Pick<AccountBalance, 'asset' | 'account' | 'balanceWei'>;

/**
 * Returns all accounts of each contract, by its number, without their volumes. The newest posting
 * of an account has its balance. Contracts have few accounts with many postings each, so the query
 * skips through the index from account to account.
 */
export async function readNewestBalances(
  db: Queryable,
  contractNumbers: readonly number[],
  block: number,
): Promise<ReadonlyMap<number, NewestBalance[]>> {
  const rows = await readByToken<
    {
      readonly ordinal: number;
      readonly asset: string;
      readonly account: string;
      readonly balance: string;
    },
    number
  >(db, {
    name: 'newest_balances',
    keys: contractNumbers,
    tokenOf: (number) => number,
    columns: { high: { type: 'text', of: (number) => lastOperationId(number, block) } },
    branch: newestOf,
    isRecursive: true,
  });
  const balances = new Map<number, NewestBalance[]>();
  for (const { ordinal, asset, account, balance } of rows) {
    const number = contractNumbers[ordinal];
    if (number === undefined) throw new RangeError(`nobody asked for contract ${ordinal}`);
    const ofContract = balances.get(number) ?? [];
    balances.set(number, ofContract);
    ofContract.push({ asset, account, balanceWei: BigInt(balance) });
  }
  return balances;
}

function newestOf(token: string, items: string): string {
  return `WITH RECURSIVE a AS (
      SELECT k.*, n.asset, n.account FROM ${items} CROSS JOIN LATERAL (
        SELECT asset, account FROM posting WHERE token_number = ${token}
        ORDER BY asset, account LIMIT 1
      ) n
      UNION ALL
      SELECT a.ordinal, a.high, n.asset, n.account FROM a CROSS JOIN LATERAL (
        SELECT asset, account FROM posting
        WHERE token_number = ${token} AND (asset, account) > (a.asset, a.account)
        ORDER BY asset, account LIMIT 1
      ) n
    )
    SELECT a.ordinal, a.asset, a.account, p.balance_wei AS balance
    FROM a CROSS JOIN LATERAL (
      SELECT balance_wei FROM posting
      WHERE token_number = ${token} AND asset = a.asset AND account = a.account AND id <= a.high
      ORDER BY id DESC LIMIT 1
    ) p`;
}
