import type { PoolVersion } from '../../../store/read/tokens/poolVersions.js';
import type { ApiContext } from '../../request/context.js';
import {
  type AccountNode,
  AccountType,
  type HeldAssetNode,
  HeldAssetType,
  TrialBalanceType,
} from '../operations/journal.js';
import { atMoment, own, valuesResolver } from '../prices/momentValues.js';
import { type RevenueAssetNode, RevenueAssetType } from '../tokens/revenueAsset.js';
import { type PoolsNode, PoolsType, type TokenNode, TokenType } from '../tokens/token.js';

type Figure = 'balanceWei' | 'receivedWei' | 'claimedWei' | 'redeemedWei' | 'supply';

const figure =
  (name: Figure) =>
  async ({ record, asOf }: TokenNode, { loaders }: ApiContext): Promise<bigint> => {
    const key = { tokenNumber: record.number, block: asOf.block };
    const version: PoolVersion = await loaders.poolVersion.load(key);
    return version[name];
  };

const inEth = () => 'native';
const ofAsset = ({ asset }: { readonly asset: string }) => asset;

/** What tokens hold and moved is worth. */
export const TOKEN_VALUES = [
  valuesResolver<TokenNode>(TokenType, 'Token', {
    ...atMoment<TokenNode>(inEth, {
      balanceWei: figure('balanceWei'),
      receivedWei: figure('receivedWei'),
      claimedWei: figure('claimedWei'),
      redeemedWei: figure('redeemedWei'),
    }),
    ...atMoment<TokenNode>(({ address }) => address, { supply: figure('supply') }),
  }),
  valuesResolver<RevenueAssetNode>(
    RevenueAssetType,
    'RevenueAsset',
    atMoment<RevenueAssetNode>(
      ({ address }) => address,
      own('balance', 'received', 'claimed', 'redeemed'),
    ),
  ),
  valuesResolver<PoolsNode>(
    PoolsType,
    'Pools',
    atMoment<PoolsNode>(
      ofAsset,
      own('newRevenueWei', 'claimableWei', 'redeemableWei', 'redeemedFromNewWei'),
    ),
  ),
  valuesResolver<TrialBalanceType>(
    TrialBalanceType,
    'TrialBalance',
    atMoment<TrialBalanceType>(inEth, own('heldWei', 'balanceWei')),
  ),
  valuesResolver<AccountNode>(
    AccountType,
    'Account',
    atMoment<AccountNode>(ofAsset, own('volumeInWei', 'volumeOutWei', 'balanceWei')),
  ),
  valuesResolver<HeldAssetNode>(
    HeldAssetType,
    'HeldAsset',
    atMoment<HeldAssetNode>(ofAsset, own('held', 'balance')),
  ),
];
