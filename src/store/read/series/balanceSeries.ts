import { type Address, addressBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Some accounts of a token at the ends of some blocks. */
export interface BalanceSeriesKey {
  readonly tokenNumber: number;
  readonly accounts: readonly Address[];
  /** In ascending order. */
  readonly blocks: readonly number[];
}

/**
 * Returns the balances of each account at the end of each block: by account, then in the order of the blocks.
 * From the last block down, a probe finds the balance there and since when it holds. The next probe is for the last
 * block before that. So an account that seldom changes costs few probes, however many blocks there are.
 */
export async function readBalanceSeries(
  db: Queryable,
  { tokenNumber, accounts, blocks }: BalanceSeriesKey,
): Promise<bigint[][]> {
  const newest = (account: string, block: string) => `SELECT b.block_number, b.balance
    FROM balance_checkpoint b WHERE b.account = ${account} AND b.token_number = $1
      AND b.block_number <= ${block} ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1`;
  const rows = await readRows<{
    readonly ordinal: number;
    readonly place: number;
    readonly balance: string;
  }>(
    db,
    'balance_series',
    `WITH RECURSIVE walk AS (
       SELECT k.ordinal, k.account, c.block_number, c.balance
       FROM unnest($2::bytea[]) WITH ORDINALITY AS k(account, ordinal)
       CROSS JOIN LATERAL (${newest('k.account', '($3::bigint[])[cardinality($3::bigint[])]')}) c
       UNION ALL
       SELECT w.ordinal, w.account, c.block_number, c.balance FROM walk w
       CROSS JOIN LATERAL (
         ${newest('w.account', '($3::bigint[])[width_bucket(w.block_number - 1, $3::bigint[])]')}
       ) c
     )
     SELECT ordinal, width_bucket(block_number - 1, $3::bigint[]) AS place, balance FROM walk
     ORDER BY ordinal, place`,
    [tokenNumber, accounts.map(addressBytes), blocks],
  );
  const series = accounts.map(() => blocks.map(() => 0n));
  for (const { ordinal, place, balance } of rows) {
    // From the first block with this balance to the last one; the next row overwrites the rest.
    series[Number(ordinal) - 1]?.fill(BigInt(balance), place);
  }
  return series;
}
