import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { MintRevenueRecord } from '../../../store/read/collections/mintPayments.js';
import type { PriceFeed } from '../../../store/registry/priceFeeds.js';
import { fieldResolver } from '../../lists/engine/resolver.js';
import { JOURNAL_LIST } from '../../lists/journal.js';
import { MODEL_PAYOUT_LIST, type ModelPayoutNode } from '../../lists/modelPayouts.js';
import { REQUEST_LIST } from '../../lists/requests.js';
import { SNAPSHOT_LIST, type SnapshotNode } from '../../lists/snapshots.js';
import { MintRevenueType } from '../collections/mintPayment.js';
import { type EntitlementNode, EntitlementType } from '../holders/holder.js';
import { ThroughEntitlementType, type ThroughNode } from '../holders/through.js';
import { SaleIdentityType } from '../identities.js';
import {
  AccountType,
  HeldAssetType,
  type PostingNode,
  PostingType,
  RevenueGroupType,
} from '../operations/journal.js';
import { RevenueOperationType } from '../operations/operations.js';
import { paymentResolver } from '../oracles/paymentAsset.js';
import { PersonEntitlementType } from '../persons/person.js';
import { PriceFeedType, PriceLegType } from '../prices/price.js';
import { MissingPriceType } from '../prices/valueSum.js';
import { SaleType } from '../sales/sale.js';
import { EntitlementProofType } from '../tokens/commitment.js';
import { PoolsType } from '../tokens/token.js';
import { TokenYieldType } from '../yields/yieldTypes.js';
import { assetUnit, symbolField, type UnitPlace, unitFields } from './unitResolver.js';

interface AtMoment {
  readonly asset: string;
  readonly asOf: AsOf;
}

interface OnChain {
  readonly asset: string | null;
  readonly chainId: number;
}

const own = ({ chainId, asset }: OnChain): UnitPlace => ({ chainId, asset: asset ?? 'native' });
const ofMoment = ({ asset, asOf }: AtMoment): UnitPlace => ({ chainId: asOf.chainId, asset });

/** What the token of a sale is called. */
function soldToken<Node extends { readonly chainId: number; readonly tokenAddress: string }>() {
  return unitFields<Node>('token', 'tokenAddress', ({ chainId, tokenAddress: asset }) => ({
    chainId,
    asset,
  }));
}

/** The symbols and the decimals of what amounts are in, next to the amounts. */
export const UNIT_FIELDS = [
  assetUnit(RevenueOperationType, own),
  assetUnit(JOURNAL_LIST.Row, own),
  assetUnit<PostingNode>(PostingType, ({ entry }) => own(entry)),
  assetUnit(RevenueGroupType, own),
  assetUnit(EntitlementProofType, own),
  assetUnit(MissingPriceType, own),
  assetUnit(AccountType, ofMoment),
  assetUnit(HeldAssetType, ofMoment),
  assetUnit(PersonEntitlementType, ofMoment),
  assetUnit(PoolsType, ofMoment),
  assetUnit(TokenYieldType, ofMoment),
  assetUnit<SnapshotNode>(SNAPSHOT_LIST.Row, async ({ tokenRecord, bookNumber }, { books }) => ({
    chainId: tokenRecord.chainId,
    asset: await books.assetOf(bookNumber),
  })),
  assetUnit<EntitlementNode>(EntitlementType, async ({ of: { token, bookNumber } }, { books }) => ({
    chainId: token.chainId,
    asset: await books.assetOf(bookNumber ?? token.number),
  })),
  assetUnit<ThroughNode>(ThroughEntitlementType, async ({ token, bookNumber }, { books }) => ({
    chainId: token.chainId,
    asset: await books.assetOf(bookNumber),
  })),
  assetUnit(PriceLegType, own),
  fieldResolver(PriceFeedType, symbolField<PriceFeed>('asset', 'asset', own)),
  fieldResolver(
    MintRevenueType,
    unitFields<MintRevenueRecord>('token', 'token', ({ token, payment }) => ({
      chainId: payment.chainId,
      asset: token,
    })),
  ),
  fieldResolver(SaleIdentityType, soldToken()),
  fieldResolver(SaleType, soldToken()),
  paymentResolver<ModelPayoutNode>(MODEL_PAYOUT_LIST.Row),
  paymentResolver(REQUEST_LIST.Row),
];
