import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Where a snapshot was taken. */
export interface SnapshotPlace {
  readonly snapshotId: number;
  readonly block: number;
  readonly transactionIndex: number;
  readonly timestamp: Date;
}

interface Row {
  readonly snapshot_id: number;
  readonly block_number: number;
  readonly transaction_index: number;
  readonly timestamp: Date;
}

/**
 * The places of the snapshots from one id to another, both included, by id.
 *
 * @param tokenNumber of the token's books in an asset
 */
export async function readSnapshotPlaces(
  db: Queryable,
  tokenNumber: number,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<ReadonlyMap<number, SnapshotPlace>> {
  const rows = await readRows<Row>(
    db,
    'snapshot_places',
    `SELECT snapshot_id, block_number, transaction_index, "timestamp" FROM snapshot
     WHERE token_number = $1 AND snapshot_id BETWEEN $2 AND $3`,
    [tokenNumber, first, last],
  );
  return new Map(
    rows.map(({ snapshot_id, block_number, transaction_index, timestamp }) => [
      snapshot_id,
      {
        snapshotId: snapshot_id,
        block: block_number,
        transactionIndex: transaction_index,
        timestamp,
      },
    ]),
  );
}
