import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { assetsOf } from '../../lists/assetList.js';
import { counted } from '../../lists/engine/connection.js';
import { HOLDER_LIST, type HolderPositionNode } from '../../lists/holders.js';
import { SNAPSHOT_LIST, type SnapshotListArgs, snapshotList } from '../../lists/snapshots.js';
import type { ApiContext } from '../../request/context.js';
import { AssetEntitlementType, type RevenueAssetNode, RevenueAssetType } from './revenueAsset.js';
import { type TokenNode, TokenType } from './token.js';

@Resolver(() => TokenType)
export class TokenAssetsResolver {
  @FieldResolver(() => [RevenueAssetType], {
    description: 'What it shares in addition to ETH; empty for most tokens.',
  })
  assets(@Root() { record, asOf }: TokenNode, @Ctx() context: ApiContext) {
    return assetsOf(record, asOf, context);
  }
}

@Resolver(() => HOLDER_LIST.Row)
export class HolderAssetsResolver {
  @FieldResolver(() => [AssetEntitlementType], {
    description: 'What the holder is owed in every asset that the token shares in addition to ETH.',
  })
  async assetEntitlements(
    @Root() { tokenRecord: token, address: account, asOf }: HolderPositionNode,
    @Ctx() context: ApiContext,
  ): Promise<AssetEntitlementType[]> {
    const assets = await assetsOf(token, asOf, context);
    const keys = assets.map(({ bookNumber }) => {
      return { token, account, block: asOf.block, bookNumber };
    });
    const entitlements = await context.loaders.entitlement.loadMany(keys);
    return assets.map((asset, index) => {
      const entitlement = entitlements[index];
      const of = keys[index];
      if (of === undefined || entitlement === undefined || entitlement instanceof Error) {
        throw entitlement ?? new RangeError(`no entitlement in asset ${index}`);
      }
      return { asset, entitlement: { ...entitlement, asOf, of } };
    });
  }
}

@Resolver(() => RevenueAssetType)
export class RevenueAssetResolver {
  @FieldResolver(() => SNAPSHOT_LIST.Connection, {
    description: 'What the snapshots of the token assigned of it.',
  })
  snapshots(
    @Root() { bookNumber, tokenRecord, asOf }: RevenueAssetNode,
    @Args(() => SNAPSHOT_LIST.Args) args: SnapshotListArgs,
    @Ctx() context: ApiContext,
  ) {
    return counted(context, snapshotList(context, tokenRecord, asOf, args, bookNumber));
  }
}
