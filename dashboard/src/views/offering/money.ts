import type { SnapshotSpanFragment, WorthOfFragment } from '../../ledger/generated/offering.js';
import type { Unit } from '../../parts/unit.js';
import { assetSymbol } from '../tokenName.js';
import type { OfferingToken } from './offering.js';

/** One kind of money that a token shares: the coin of its chain, or an ERC-20. */
export interface Money {
  /** The ERC-20; `null`: the coin. */
  readonly asset: string | null;
  readonly unit: Unit;
  readonly received: bigint;
  readonly claimed: bigint;
  readonly redeemed: bigint;
  /** New revenue that no snapshot has shared yet, less what burners were paid of it. */
  readonly waiting: bigint;
  readonly claimable: bigint;
  readonly redeemable: bigint;
  readonly worth: Readonly<
    Partial<Record<'received' | 'claimable' | 'redeemable', WorthOfFragment>>
  >;
  readonly snapshots: readonly SnapshotSpanFragment[];
  /** There are older ones, which are not here. */
  readonly hasOlder: boolean;
}

/** All money that a token shares, what it shares first in front. */
export function moneyOf(token: OfferingToken, coin: string): Money[] {
  const assets = token.assets.map(
    ({
      address,
      symbol = null,
      decimals = null,
      received,
      claimed,
      redeemed,
      pools,
      snapshots,
      values,
    }) => ({
      asset: address,
      unit: { symbol: assetSymbol(address, symbol), decimals },
      received,
      claimed,
      redeemed,
      ...placesOf(pools),
      worth: worthOf(values?.received, pools),
      snapshots: snapshots.nodes,
      hasOlder: snapshots.pageInfo.hasNextPage,
    }),
  );
  if (token.policy.parts.revenue === 'one-asset' && assets.length > 0) return assets;
  const own = {
    asset: null,
    unit: { symbol: coin, decimals: 18 },
    received: token.receivedWei,
    claimed: token.claimedWei,
    redeemed: token.redeemedWei,
    ...placesOf(token.pools),
    worth: worthOf(token.values?.receivedWei, token.pools),
    snapshots: token.snapshots.nodes,
    hasOlder: token.snapshots.pageInfo.hasNextPage,
  };
  return [own, ...assets];
}

function placesOf(pools: OfferingToken['pools']) {
  return {
    waiting: pools.newRevenueWei - pools.redeemedFromNewWei,
    claimable: pools.claimableWei,
    redeemable: pools.redeemableWei,
  };
}

/** Nothing where no value was asked for. */
function worthOf(
  received: WorthOfFragment | undefined,
  { values }: OfferingToken['pools'],
): Money['worth'] {
  if (received === undefined || values === undefined) return {};
  return { received, claimable: values.claimableWei, redeemable: values.redeemableWei };
}
