import { decodeSnapshot, SNAPSHOT, type SnapshotColumns } from '../../../model/tables/snapshot.js';
import { hexOf } from '../query/decode.js';
import { rowColumns } from '../query/tableRow.js';
import type { SnapshotProof, SnapshotRecord } from '../tokens/snapshots.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from './operation.js';
import { byId } from './operationSelect.js';

/** A snapshot among the operations of all tokens and chains. */
export type SnapshotOperation = OperationRecord & SnapshotRecord;

interface Columns extends OperationColumns, SnapshotColumns {
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly claimed_wei: string | null;
  readonly proof: SnapshotProof | null;
}

/** Snapshots in chain order, with what was claimed of them up to the newest block. */
export const SNAPSHOTS: OperationKind<Columns, SnapshotOperation, object> = {
  table: SNAPSHOT.name,
  columns: [
    ...rowColumns(SNAPSHOT),
    // The newest claim of a snapshot holds the sum so far.
    `(SELECT c.snapshot_claimed_wei FROM claim c
      WHERE c.token_number = w.token_number AND c.snapshot_id = o.snapshot_id
      ORDER BY c.id DESC LIMIT 1) AS claimed_wei`,
    `(SELECT p.proof FROM snapshot_proof p
      WHERE p.token_number = o.token_number AND p.snapshot_id = o.snapshot_id
      ORDER BY p.block_number LIMIT 1) AS proof`,
  ],
  amountColumn: 'claimable_wei',
  amountIndex: null,
  source: () => byId('snapshot', []),
  decode: (columns) =>
    decodeOperation(columns, decodeSnapshot(columns), {
      transactionHash: hexOf(columns.transaction_hash),
      transactionIndex: columns.transaction_index,
      claimedWei: BigInt(columns.claimed_wei ?? 0),
      proof: columns.proof ?? ('UNPROVEN' as const),
    }),
  amountOf: ({ claimableWei }) => claimableWei,
};
