import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { SnapshotEntitlement } from '../../../ledger/entitlement.js';
import { counted } from '../../lists/engine/connection.js';
import { assertBounded } from '../../lists/engine/whereBounds.js';
import {
  type HolderSnapshotNode,
  SNAPSHOT_ENTITLEMENT_LIST,
  SnapshotEntitlementConnection,
} from '../../lists/snapshotEntitlements.js';
import type { ApiContext } from '../../request/context.js';
import { EntitlementState } from '../../values/enums.js';
import { ASSET_TEXT, AssetScalar } from '../../values/scalars.js';
import { type EntitlementNode, EntitlementType } from './holder.js';

@Resolver(() => EntitlementType)
export class EntitlementResolver {
  @FieldResolver(() => AssetScalar, { description: ASSET_TEXT })
  asset(@Root() { of }: EntitlementNode, @Ctx() { books }: ApiContext) {
    return books.assetOf(of.bookNumber ?? of.token.number);
  }

  @FieldResolver(() => [SNAPSHOT_ENTITLEMENT_LIST.Row], {
    description: 'Snapshot by snapshot, oldest first.',
    deprecationReason: 'Use snapshotsConnection, which has conditions, orders and pages.',
  })
  snapshots(
    @Root() entitlement: EntitlementNode,
    @Arg('states', () => [EntitlementState], {
      nullable: true,
      description: 'Only snapshots in one of these states.',
    })
    states: readonly EntitlementState[] | null,
    @Ctx() { budget }: ApiContext,
  ) {
    const snapshots =
      states == null
        ? entitlement.snapshots
        : entitlement.snapshots.filter(({ state }) => states.includes(state));
    budget.spendRows(snapshots.length);
    return nodesOf(entitlement, snapshots);
  }

  @FieldResolver(() => SnapshotEntitlementConnection, {
    description: 'Snapshot by snapshot. An entitlement is computed of all of them, for any page.',
  })
  snapshotsConnection(
    @Root() entitlement: EntitlementNode,
    @Args(() => SNAPSHOT_ENTITLEMENT_LIST.Args)
    args: InstanceType<typeof SNAPSHOT_ENTITLEMENT_LIST.Args>,
    @Ctx() context: ApiContext,
  ) {
    assertBounded(args.where);
    const rows = nodesOf(entitlement, entitlement.snapshots);
    return counted(context, SNAPSHOT_ENTITLEMENT_LIST.page(rows, [entitlement.asOf], args));
  }
}

function nodesOf(
  of: EntitlementNode,
  snapshots: readonly SnapshotEntitlement[],
): HolderSnapshotNode[] {
  return snapshots.map((snapshot) => ({ ...snapshot, of }));
}
