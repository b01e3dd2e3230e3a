import { HOLDER_LIST, type HolderPositionNode } from '../../lists/holders.js';
import { POOL_SNAPSHOT_LIST, type PoolSnapshotNode } from '../../lists/poolSnapshots.js';
import {
  type HolderSnapshotNode,
  SNAPSHOT_ENTITLEMENT_LIST,
} from '../../lists/snapshotEntitlements.js';
import type { ApiContext } from '../../request/context.js';
import { type EntitlementNode, EntitlementType } from '../holders/holder.js';
import { ThroughEntitlementType, type ThroughNode } from '../holders/through.js';
import { atMoment, own, valuesOf, valuesResolver } from '../prices/momentValues.js';

function assetOf({ of }: EntitlementNode, { books }: ApiContext): Promise<string> {
  return books.assetOf(of.bookNumber ?? of.token.number);
}

/** What holders hold, are owed and were paid is worth. */
export const HOLDER_VALUES = [
  valuesResolver<HolderPositionNode>(
    HOLDER_LIST.Row,
    'HolderPosition',
    atMoment<HolderPositionNode>(({ tokenRecord }) => tokenRecord.address, own('balance')),
  ),
  valuesResolver<EntitlementNode>(
    EntitlementType,
    'Entitlement',
    atMoment<EntitlementNode>(
      assetOf,
      own(
        'totalClaimableWei',
        'claimedWei',
        'redeemedWei',
        'expiredWei',
        'redeemableWei',
        'accruingWei',
      ),
    ),
  ),
  valuesResolver<HolderSnapshotNode>(SNAPSHOT_ENTITLEMENT_LIST.Row, 'SnapshotEntitlement', {
    ...valuesOf<HolderSnapshotNode>(own('balanceAt'), ({ of: { of, asOf } }) => {
      return { asOf, asset: of.token.address };
    }),
    ...valuesOf<HolderSnapshotNode>(
      own('shareWei', 'claimableWei', 'claimedWei'),
      async ({ of }, context) => ({ asOf: of.asOf, asset: await assetOf(of, context) }),
    ),
  }),
  valuesResolver<ThroughNode>(
    ThroughEntitlementType,
    'ThroughEntitlement',
    atMoment<ThroughNode>(
      ({ bookNumber }, { books }) => books.assetOf(bookNumber),
      own('totalClaimableWei', 'claimedWei', 'expiredWei', 'accruingWei'),
    ),
  ),
  valuesResolver<PoolSnapshotNode>(
    POOL_SNAPSHOT_LIST.Row,
    'PoolSnapshot',
    valuesOf<PoolSnapshotNode>(own('shareWei', 'claimableWei', 'claimedWei'), ({ pool }) => {
      return { asOf: pool.asOf, asset: 'native' };
    }),
  ),
];
