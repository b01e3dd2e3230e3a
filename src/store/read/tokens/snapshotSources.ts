import type { Address } from '../../../address.js';
import { optionalAddress } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** What came in from one source between a snapshot and the one before it. */
export interface ReceivedBetween {
  readonly snapshotId: number;
  readonly source: string;
  readonly sourceAddress: Address | null;
  readonly modelId: bigint | null;
  readonly amountWei: bigint;
}

/** A snapshot, as it assigned. */
export interface AssignedSnapshot {
  readonly snapshotId: number;
  readonly block: number;
  readonly newRevenueWei: bigint;
  readonly freshWei: bigint;
  readonly rolledOverWei: bigint;
}

/** All snapshots of some books up to a block, the first one first. */
export async function readAssignedSnapshots(
  db: Queryable,
  bookNumber: number,
  block: number,
): Promise<AssignedSnapshot[]> {
  const rows = await readRows<{
    readonly snapshot_id: number;
    readonly block_number: number;
    readonly new_revenue_wei: string;
    readonly fresh_wei: string;
    readonly rolled_over_wei: string;
  }>(
    db,
    'assigned_snapshots',
    `SELECT snapshot_id, block_number, new_revenue_wei, fresh_wei, rolled_over_wei
     FROM snapshot WHERE token_number = $1 AND block_number <= $2 ORDER BY snapshot_id`,
    [bookNumber, block],
  );
  return rows.map((row) => ({
    snapshotId: row.snapshot_id,
    block: row.block_number,
    newRevenueWei: BigInt(row.new_revenue_wei),
    freshWei: BigInt(row.fresh_wei),
    rolledOverWei: BigInt(row.rolled_over_wei),
  }));
}

/** What came in before each of these snapshots and after the one before it, by source. Ids have the order of the chain. */
export async function readReceivedBetween(
  db: Queryable,
  bookNumber: number,
  block: number,
): Promise<ReceivedBetween[]> {
  const rows = await readRows<{
    readonly snapshot_id: number;
    readonly source: string;
    readonly source_address: Buffer | null;
    readonly model_id: string | null;
    readonly amount_wei: string;
  }>(
    db,
    'received_between',
    `SELECT s.snapshot_id, r.source, r.source_address, r.model_id, sum(r.amount_wei) AS amount_wei
     FROM (SELECT snapshot_id, id, coalesce(lag(id) OVER (ORDER BY snapshot_id), '') AS before
           FROM snapshot WHERE token_number = $1 AND block_number <= $2) s
     JOIN receipt r ON r.token_number = $1 AND r.id > s.before AND r.id < s.id
     GROUP BY 1, 2, 3, 4`,
    [bookNumber, block],
  );
  return rows.map((row) => ({
    snapshotId: row.snapshot_id,
    source: row.source,
    sourceAddress: optionalAddress(row.source_address),
    modelId: row.model_id === null ? null : BigInt(row.model_id),
    amountWei: BigInt(row.amount_wei),
  }));
}
