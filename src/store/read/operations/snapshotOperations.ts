import { hexOf } from '../query/decode.js';
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

interface Columns extends OperationColumns {
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly snapshot_id: number;
  readonly new_revenue_wei: string;
  readonly claimable_wei: string;
  readonly fresh_wei: string;
  readonly rolled_over_wei: string;
  readonly redeemable_added_wei: string;
  readonly claimed_wei: string | null;
  readonly supply: string;
  readonly proof: SnapshotProof | null;
}

/** Snapshots in the order of the chain, with what was claimed of them up to the newest block. */
export const SNAPSHOTS: OperationKind<Columns, SnapshotOperation, object> = {
  table: 'snapshot',
  columns: [
    'o.snapshot_id',
    'o.new_revenue_wei',
    'o.claimable_wei',
    'o.fresh_wei',
    'o.rolled_over_wei',
    'o.redeemable_added_wei',
    'o.supply',
    // The newest claim of a snapshot holds the sum so far.
    `(SELECT c.snapshot_claimed_wei FROM claim c
      WHERE c.token_number = o.token_number AND c.snapshot_id = o.snapshot_id
      ORDER BY c.id DESC LIMIT 1) AS claimed_wei`,
    `(SELECT p.proof FROM snapshot_proof p
      WHERE p.token_number = o.token_number AND p.snapshot_id = o.snapshot_id
      ORDER BY p.block_number LIMIT 1) AS proof`,
  ],
  amountColumn: 'claimable_wei',
  amountIndex: null,
  source: () => byId('snapshot', []),
  decode: (columns) => ({
    ...decodeOperation(columns),
    transactionHash: hexOf(columns.transaction_hash),
    transactionIndex: columns.transaction_index,
    snapshotId: columns.snapshot_id,
    newRevenueWei: BigInt(columns.new_revenue_wei),
    claimableWei: BigInt(columns.claimable_wei),
    freshWei: BigInt(columns.fresh_wei),
    rolledOverWei: BigInt(columns.rolled_over_wei),
    redeemableAddedWei: BigInt(columns.redeemable_added_wei),
    claimedWei: BigInt(columns.claimed_wei ?? 0),
    supply: BigInt(columns.supply),
    proof: columns.proof ?? 'UNPROVEN',
  }),
  amountOf: ({ claimableWei }) => claimableWei,
};
