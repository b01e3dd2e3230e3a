import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The shortest gap between two snapshots of a token. */
export interface SnapshotGap {
  readonly blocks: number;
  readonly seconds: bigint;
}

/** The shortest gaps up to a block, one for each token; `null` with fewer than two snapshots. */
export async function readSnapshotGap(
  db: Queryable,
  tokenNumber: number,
  block: number,
): Promise<SnapshotGap | null> {
  const [row] = await readRows<{ readonly blocks: number | null; readonly seconds: string }>(
    db,
    'snapshot_gap',
    `SELECT min(blocks)::bigint AS blocks, min(seconds)::bigint AS seconds FROM (
       SELECT block_number - lag(block_number) OVER by_id AS blocks,
         extract(epoch FROM "timestamp" - lag("timestamp") OVER by_id) AS seconds
       FROM snapshot WHERE token_number = $1 AND block_number <= $2
       WINDOW by_id AS (ORDER BY snapshot_id)
     ) gaps`,
    [tokenNumber, block],
  );
  if (row === undefined || row.blocks === null) return null;
  return { blocks: row.blocks, seconds: BigInt(row.seconds) };
}
