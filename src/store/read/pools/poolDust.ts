import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** What a pool is owed of a snapshot. */
export interface PoolDustKey {
  readonly poolNumber: number;
  readonly snapshotId: number;
  /** In the smallest unit of the asset. */
  readonly poolShareWei: bigint;
}

/**
 * What is left of each amount when every depositor has its part, `amount − Σ amount * shares // totalShares`
 * (docs/pools.md#split), in the order of `keys`; `null` where the books of the pool do not have the
 * snapshot. Reads the events of the pool once.
 */
export async function readPoolDust(
  db: Queryable,
  keys: readonly PoolDustKey[],
): Promise<(bigint | null)[]> {
  const rows = await readRows<{ readonly ordinal: number; readonly dust: string }>(
    db,
    'pool_dust',
    `SELECT k.ordinal, k.amount - coalesce((
       SELECT sum(div(k.amount * h.shares, nullif(s.total_shares, 0)))
       FROM (
         SELECT DISTINCT ON (e.depositor) e.shares FROM pool_share e
         WHERE e.pool_number = k.number AND e.id < s.id ORDER BY e.depositor, e.id DESC
       ) h
     ), 0) AS dust
     FROM unnest($1::integer[], $2::integer[], $3::numeric[])
       WITH ORDINALITY AS k(number, snapshot_id, amount, ordinal)
     JOIN pool_snapshot s ON s.pool_number = k.number AND s.snapshot_id = k.snapshot_id`,
    [
      keys.map(({ poolNumber }) => poolNumber),
      keys.map(({ snapshotId }) => snapshotId),
      keys.map(({ poolShareWei }) => String(poolShareWei)),
    ],
  );
  const dust: (bigint | null)[] = keys.map(() => null);
  for (const row of rows) dust[Number(row.ordinal) - 1] = BigInt(row.dust);
  return dust;
}
