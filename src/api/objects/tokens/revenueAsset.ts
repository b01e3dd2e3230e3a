import { Field, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { PoolVersion } from '../../../store/read/tokens/poolVersions.js';
import type { RevenueAsset } from '../../../store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { AddressScalar, BigIntScalar } from '../../values/scalars.js';
import { ON_CHAIN_SYMBOL_TEXT, SYMBOL_TEXT } from '../../values/symbolTexts.js';
import { AsOfType } from '../chains/asOf.js';
import { type EntitlementNode, EntitlementType } from '../holders/holder.js';
import { type PoolsNode, PoolsType } from './token.js';

@ObjectType('RevenueAsset', {
  simpleResolvers: true,
  description:
    'An ERC-20 that a token shares in addition to ETH (the AltRevToken extension of ERC-7641). Every amount below it, also in fields named in wei, is in its smallest unit.',
})
export class RevenueAssetType {
  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;

  @Field(() => String, { nullable: true, description: SYMBOL_TEXT })
  readonly symbol!: string | null;

  @Field(() => String, { nullable: true, description: ON_CHAIN_SYMBOL_TEXT })
  readonly symbolOnChain!: string | null;

  @Field(() => Int, { nullable: true, description: 'decimals(), if the contract has it.' })
  readonly decimals!: number | null;

  @Field(() => BigIntScalar, { description: 'What the token holds: balanceOf(token).' })
  readonly balance!: bigint;

  @Field(() => PoolsType, { description: 'What the balance is made of.' })
  readonly pools!: PoolsType;

  @Field(() => BigIntScalar, { description: 'Received since the token accepts it.' })
  readonly received!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimed by all holders so far.' })
  readonly claimed!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid for burned tokens so far.' })
  readonly redeemed!: bigint;

  @Field(() => AsOfType, { description: 'The block that all figures hold for.' })
  readonly asOf!: AsOf;
}

/** An asset of a token at a moment. */
export interface RevenueAssetNode extends RevenueAssetType {
  readonly bookNumber: number;
  readonly tokenRecord: TokenRecord;
  readonly pools: PoolsNode;
}

@ObjectType('AssetEntitlement', {
  simpleResolvers: true,
  description: 'What a holder is owed, was paid and missed in an ERC-20 that a token shares.',
})
export class AssetEntitlementType {
  @Field(() => RevenueAssetType, { description: 'The asset.' })
  readonly asset!: RevenueAssetNode;

  @Field(() => EntitlementType, {
    description: "What the contract's claimableERC20 and redeemableERC20OnBurn answer.",
  })
  readonly entitlement!: EntitlementNode;
}

export function revenueAssetNode(
  { number, asset, symbol, decimals }: RevenueAsset,
  version: PoolVersion,
  tokenRecord: TokenRecord,
  asOf: AsOf,
): RevenueAssetNode {
  return {
    bookNumber: number,
    tokenRecord,
    asOf,
    address: asset,
    symbol: trustedSymbol(tokenRecord.chainId, asset, symbol),
    symbolOnChain: symbol,
    decimals,
    balance: version.balanceWei,
    pools: {
      asOf,
      asset,
      newRevenueWei: version.newRevenueWei,
      claimableWei: version.claimPoolWei,
      redeemableWei: version.redeemPoolWei,
      redeemedFromNewWei: version.redeemedFromNewWei,
    },
    received: version.receivedWei,
    claimed: version.claimedWei,
    redeemed: version.redeemedWei,
  };
}
