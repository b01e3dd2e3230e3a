import type { PoolSnapshot } from '../../ledger/pools/split.js';
import type { DepositPoolNode } from '../objects/pools/depositPool.js';
import { connectionType } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { AMOUNT, COUNT, POOL_SNAPSHOT_STATE } from './engine/fieldKinds.js';

/** What a snapshot gave to a pool. */
export interface PoolSnapshotNode extends PoolSnapshot {
  readonly pool: DepositPoolNode;
}

/** What each snapshot of the token gave to one pool. */
export const POOL_SNAPSHOT_LIST = defineMemoryList({
  name: 'PoolSnapshot',
  type: 'What one snapshot gave to one pool, in units of ETH.',
  rows: 'snapshots of a pool',
  cursor: 'poolSnapshots',
  moment: 'above',
  toNode: (row: PoolSnapshotNode) => row,
  keyOf: ({ snapshotId }) => [BigInt(snapshotId)],
  fields: {
    snapshotId: {
      kind: COUNT,
      text: 'The snapshot.',
      of: ({ snapshotId }: PoolSnapshotNode) => snapshotId,
    },
    shareWei: {
      kind: AMOUNT,
      text: "The pool's share of it, claimed or not, in wei.",
      of: ({ shareWei }: PoolSnapshotNode) => shareWei,
    },
    claimableWei: {
      kind: AMOUNT,
      text: 'What the pool can still claim of it, in wei. Only the pool can.',
      of: ({ claimableWei }: PoolSnapshotNode) => claimableWei,
    },
    claimedWei: {
      kind: AMOUNT,
      text: 'What the pool was paid of it, in wei.',
      of: ({ claimedWei }: PoolSnapshotNode) => claimedWei,
    },
    state: {
      kind: POOL_SNAPSHOT_STATE,
      text: 'What became of the share.',
      of: ({ state }: PoolSnapshotNode) => state,
    },
  },
  orders: {
    SNAPSHOT: { text: 'Their ids: the order of time.', of: () => [] },
    SHARE: {
      text: "The pool's share of each, in wei.",
      of: ({ shareWei }: PoolSnapshotNode) => [shareWei],
    },
    CLAIMABLE: {
      text: 'What the pool can claim of each, in wei.',
      of: ({ claimableWei }: PoolSnapshotNode) => [claimableWei],
    },
  },
  ordersText: 'What the snapshots of a pool are ordered by.',
});

export type PoolSnapshotsArgs = InstanceType<typeof POOL_SNAPSHOT_LIST.Args>;

export const PoolSnapshotConnection = connectionType(
  POOL_SNAPSHOT_LIST.Row,
  'PoolSnapshot',
  'snapshots of a pool',
);
