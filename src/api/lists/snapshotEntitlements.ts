import type { SnapshotEntitlement } from '../../ledger/entitlement.js';
import type { EntitlementNode } from '../objects/holders/holder.js';
import { connectionType } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { AMOUNT, COUNT, ENTITLEMENT_STATE } from './engine/fieldKinds.js';

/** What one snapshot means to a holder, with the entitlement that it is a part of. */
export interface HolderSnapshotNode extends SnapshotEntitlement {
  readonly of: EntitlementNode;
}

/** What each snapshot means to one holder. */
export const SNAPSHOT_ENTITLEMENT_LIST = defineMemoryList({
  name: 'SnapshotEntitlement',
  type: 'What one snapshot means to one holder.',
  rows: 'snapshots of a holder',
  cursor: 'entitlement',
  moment: 'above',
  toNode: (row: HolderSnapshotNode) => row,
  keyOf: ({ snapshotId }) => [BigInt(snapshotId)],
  fields: {
    snapshotId: {
      kind: COUNT,
      text: 'The snapshot.',
      of: ({ snapshotId }: SnapshotEntitlement) => snapshotId,
    },
    balanceAt: {
      kind: AMOUNT,
      text: "The holder's balance when the snapshot was taken, in token units.",
      of: ({ balanceAt }: SnapshotEntitlement) => balanceAt,
    },
    shareWei: {
      kind: AMOUNT,
      text: "The holder's share of it, claimed or not, in units of the asset (wei for ETH).",
      of: ({ shareWei }: SnapshotEntitlement) => shareWei,
    },
    claimableWei: {
      kind: AMOUNT,
      text: 'What claimableRevenue(holder, snapshotId) answers, in units of the asset (wei for ETH); 0 where it reverts.',
      of: ({ claimableWei }: SnapshotEntitlement) => claimableWei,
    },
    claimedWei: {
      kind: AMOUNT,
      text: 'What the holder has claimed of it, in units of the asset (wei for ETH).',
      of: ({ claimedWei }: SnapshotEntitlement) => claimedWei,
    },
    state: {
      kind: ENTITLEMENT_STATE,
      text: 'Whether there is something to claim.',
      of: ({ state }: SnapshotEntitlement) => state,
    },
  },
  orders: {
    SNAPSHOT: { text: 'Their ids: the order of time.', of: () => [] },
    SHARE: {
      text: "The holder's share of each, in units of the asset (wei for ETH).",
      of: ({ shareWei }: SnapshotEntitlement) => [shareWei],
    },
    CLAIMABLE: {
      text: 'What can be claimed of each, in units of the asset (wei for ETH).',
      of: ({ claimableWei }: SnapshotEntitlement) => [claimableWei],
    },
    CLAIMED: {
      text: 'What the holder claimed of each, in units of the asset (wei for ETH).',
      of: ({ claimedWei }: SnapshotEntitlement) => [claimedWei],
    },
  },
  ordersText: 'What the snapshots of a holder are ordered by.',
});

export const SnapshotEntitlementConnection = connectionType(
  SNAPSHOT_ENTITLEMENT_LIST.Row,
  'SnapshotEntitlement',
  'snapshots of a holder',
);
