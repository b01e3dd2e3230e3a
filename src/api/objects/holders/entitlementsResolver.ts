import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import type { SnapshotEntitlement } from '../../../ledger/entitlement.js';
import type { Where } from '../../../store/read/query/where.js';
import type { WhereGetters } from '../../../store/read/query/wherePasses.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { PageArgs } from '../../lists/engine/inputs.js';
import { memoryList } from '../../lists/engine/memoryList.js';
import { assertBounded } from '../../lists/engine/whereBounds.js';
import { SnapshotEntitlementWhere } from '../../lists/inputs/versionWheres.js';
import type { ApiContext } from '../../request/context.js';
import { EntitlementState, OrderDirection } from '../../values/enums.js';
import { SnapshotEntitlementOrderBy } from '../../values/orderEnums.js';
import { type EntitlementNode, EntitlementType, SnapshotEntitlementType } from './holder.js';

@ArgsType()
class SnapshotEntitlementsArgs extends PageArgs {
  @Field(() => SnapshotEntitlementWhere, {
    nullable: true,
    description: 'Only these, by their own fields.',
  })
  readonly where?: Where<SnapshotEntitlement> | null;

  @Field(() => SnapshotEntitlementOrderBy, {
    defaultValue: SnapshotEntitlementOrderBy.SNAPSHOT,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: SnapshotEntitlementOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest or smallest (ASC), or newest or largest (DESC) first.',
  })
  readonly direction!: OrderDirection;
}

const SnapshotEntitlementConnection = connectionType(
  SnapshotEntitlementType,
  'SnapshotEntitlement',
  'snapshots of a holder',
);

const GETTERS: WhereGetters<SnapshotEntitlement, SnapshotEntitlement> = {
  snapshotId: ({ snapshotId }) => snapshotId,
  balanceAt: ({ balanceAt }) => balanceAt,
  shareWei: ({ shareWei }) => shareWei,
  claimableWei: ({ claimableWei }) => claimableWei,
  claimedWei: ({ claimedWei }) => claimedWei,
  state: ({ state }) => state,
};

/** What each order goes by before the id. */
const FIGURES: Readonly<
  Record<SnapshotEntitlementOrderBy, (row: SnapshotEntitlement) => readonly bigint[]>
> = {
  SNAPSHOT: () => [],
  SHARE: ({ shareWei }) => [shareWei],
  CLAIMABLE: ({ claimableWei }) => [claimableWei],
  CLAIMED: ({ claimedWei }) => [claimedWei],
};

@Resolver(() => EntitlementType)
export class EntitlementResolver {
  @FieldResolver(() => [SnapshotEntitlementType], {
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
    return snapshots;
  }

  @FieldResolver(() => SnapshotEntitlementConnection, {
    description: 'Snapshot by snapshot. An entitlement is computed of all of them, for any page.',
  })
  snapshotsConnection(
    @Root() { snapshots, asOf }: EntitlementNode,
    @Args(() => SnapshotEntitlementsArgs) args: SnapshotEntitlementsArgs,
    @Ctx() context: ApiContext,
  ) {
    assertBounded(args.where);
    const figureOf = FIGURES[args.orderBy];
    const list = {
      list: `entitlement:${args.orderBy}`,
      rows: snapshots,
      getters: GETTERS,
      keyOf: (row: SnapshotEntitlement) => [...figureOf(row), BigInt(row.snapshotId)],
      asOf: [asOf],
      toNode: (row: SnapshotEntitlement) => row,
    };
    return counted(context, memoryList(list, args));
  }
}
