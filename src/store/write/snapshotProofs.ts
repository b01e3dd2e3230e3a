import { type CopiedTable, column } from '../../model/table.js';
import type { SqlClient } from '../database/sqlClient.js';
import type { SnapshotProof } from '../read/tokens/snapshots.js';
import type { RowBuffer } from './rows/rowBuffer.js';

/** A snapshot whose amount is not proven yet. */
export interface UnprovenSnapshot {
  readonly bookNumber: number;
  readonly snapshotId: number;
  readonly block: number;
}

const SNAPSHOT_PROOF: CopiedTable = {
  name: 'snapshot_proof',
  columns: {
    bookNumber: column('token_number', 'integer'),
    snapshotId: column('snapshot_id', 'integer'),
    block: column('block_number', 'bigint'),
    proof: column('proof', 'text'),
  },
};

/** Notes that a snapshot is proven from a block on. Call it at most once for each snapshot. */
export function appendSnapshotProof(
  rows: RowBuffer,
  { bookNumber, snapshotId, block }: UnprovenSnapshot,
  proof: SnapshotProof,
): void {
  rows.append(SNAPSHOT_PROOF, `${bookNumber}\t${snapshotId}\t${block}\t${proof}\n`);
}

/** The unproven snapshots of some books, the oldest first. */
export async function readUnprovenSnapshots(
  db: SqlClient,
  bookNumbers: readonly number[],
): Promise<UnprovenSnapshot[]> {
  const { rows } = await db.query<{
    token_number: number;
    snapshot_id: number;
    block_number: number;
  }>({
    name: 'unproven-snapshots',
    text: `SELECT s.token_number, s.snapshot_id, s.block_number FROM snapshot s
      WHERE s.token_number = ANY($1) AND NOT EXISTS (
        SELECT FROM snapshot_proof p
        WHERE p.token_number = s.token_number AND p.snapshot_id = s.snapshot_id
      ) ORDER BY s.id`,
    values: [bookNumbers],
  });
  return rows.map((row) => ({
    bookNumber: row.token_number,
    snapshotId: row.snapshot_id,
    block: Number(row.block_number),
  }));
}
