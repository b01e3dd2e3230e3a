import { PARTICIPATION_LIST } from '../../lists/participations.js';
import type { ApiContext } from '../../request/context.js';
import { type CollectionNode, CollectionType } from '../collections/collection.js';
import {
  type ModelNode,
  type ModelTotalsNode,
  ModelTotalsType,
  ModelType,
} from '../oracles/model.js';
import { type PersonParticipationNode, PersonParticipationType } from '../persons/person.js';
import { atMoment, own, valuesResolver } from '../prices/momentValues.js';
import {
  type CostBasisNode,
  CostBasisType,
  type ParticipationNode,
} from '../sales/participation.js';
import { type SaleNode, SaleType } from '../sales/sale.js';

type SaleFigure = 'raised' | 'refunded' | 'claimed' | 'sold' | 'proceeds';

const saleFigure =
  (name: SaleFigure) =>
  async ({ record, asOf }: SaleNode, { loaders }: ApiContext): Promise<bigint> => {
    const { state } = await loaders.saleVersion.load({
      saleNumber: record.number,
      block: asOf.block,
    });
    return state[name];
  };

type CollectionFigure = 'paidWei' | 'revenueWei' | 'besideRevenueWei';

const collectionFigure =
  (name: CollectionFigure) =>
  async ({ record, asOf }: CollectionNode, { loaders }: ApiContext): Promise<bigint> => {
    const key = { collectionNumber: record.number, block: asOf.block };
    return (await loaders.collectionState.load(key))[name];
  };

/** Of an account, or of the accounts of a person together. */
function participation<Node extends ParticipationNode | PersonParticipationNode>() {
  return {
    ...atMoment<Node>(
      ({ saleRecord }) => saleRecord.raiseAsset ?? 'native',
      own('deposited', 'refunded', 'refundable', 'proceeds'),
    ),
    ...atMoment<Node>(
      ({ saleRecord }) => saleRecord.token,
      own('allocated', 'claimed', 'claimable', 'sold'),
    ),
  };
}

const paidIn = ({ paymentToken }: { readonly paymentToken: string | null }) =>
  paymentToken ?? 'native';

/** What sales, models and collections took in and paid is worth. */
export const CONTRACT_VALUES = [
  valuesResolver<SaleNode>(SaleType, 'Sale', {
    ...atMoment<SaleNode>(({ raiseAsset }) => raiseAsset ?? 'native', {
      raised: saleFigure('raised'),
      refunded: saleFigure('refunded'),
      proceeds: saleFigure('proceeds'),
    }),
    ...atMoment<SaleNode>(({ tokenAddress }) => tokenAddress, {
      claimed: saleFigure('claimed'),
      sold: saleFigure('sold'),
    }),
  }),
  valuesResolver<ParticipationNode>(
    PARTICIPATION_LIST.Row,
    'Participation',
    participation<ParticipationNode>(),
  ),
  valuesResolver<PersonParticipationNode>(
    PersonParticipationType,
    'PersonParticipation',
    participation<PersonParticipationNode>(),
  ),
  valuesResolver<CostBasisNode>(CostBasisType, 'CostBasis', {
    ...atMoment<CostBasisNode>(({ raise }) => raise.address ?? 'native', own('paid')),
    ...atMoment<CostBasisNode>(({ tokenAddress }) => tokenAddress, own('got')),
  }),
  valuesResolver<ModelNode>(ModelType, 'Model', atMoment<ModelNode>(paidIn, own('fee', 'accrued'))),
  valuesResolver<ModelTotalsNode>(
    ModelTotalsType,
    'ModelTotals',
    atMoment<ModelTotalsNode>(paidIn, own('fees', 'receiverPart', 'protocolPart', 'paidOut')),
  ),
  valuesResolver<CollectionNode>(
    CollectionType,
    'Collection',
    atMoment<CollectionNode>(() => 'native', {
      paidWei: collectionFigure('paidWei'),
      revenueWei: collectionFigure('revenueWei'),
      besideRevenueWei: collectionFigure('besideRevenueWei'),
    }),
  ),
];
