import { decodeSnapshot, SNAPSHOT, type SnapshotColumns } from '../../../model/tables/snapshot.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';
import type { TokenAsOf } from './poolVersions.js';

/** What a snapshot assigned in the books of an asset, and when. */
export interface TimedSnapshot {
  readonly snapshotId: number;
  readonly claimableWei: bigint;
  /** Token units. */
  readonly supply: bigint;
  readonly timestamp: Date;
}

/**
 * The snapshots after `from` and not after `to`, oldest first, with the one before them.
 *
 * @param limit snapshots at most, that one included
 */
export async function readSnapshotsBetween(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
  { from, to }: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<TimedSnapshot[]> {
  const rows = await readRows<SnapshotColumns & { readonly timestamp: Date }>(
    db,
    'snapshots_between',
    `SELECT s."timestamp", ${rowColumns(SNAPSHOT, 's').join(', ')} FROM snapshot s
     WHERE s.token_number = $1 AND s.block_number <= $2 AND s."timestamp" <= $4
       AND s.snapshot_id >= coalesce((
         SELECT max(b.snapshot_id) FROM snapshot b
         WHERE b.token_number = $1 AND b.block_number <= $2 AND b."timestamp" <= $3
       ), 0)
     ORDER BY s.snapshot_id LIMIT $5`,
    [tokenNumber, block, from, to, limit],
  );
  return rows.map((row) => ({ ...decodeSnapshot(row), timestamp: row.timestamp }));
}
