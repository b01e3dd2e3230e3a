import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { allocationOf, type CostBasis, costBasisOf, refundOf } from '../../../ledger/sales/sale.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { ParticipationRecord } from '../../../store/read/sales/participations.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import type { SaleVersion } from '../../../store/read/sales/saleVersions.js';
import { BigIntScalar } from '../../values/scalars.js';
import { RAISE_TEXT, RaiseAssetType, raiseAssetOf } from './raiseAsset.js';

@ObjectType('CostBasis', {
  simpleResolvers: true,
  description: 'What was finally paid for what was finally got.',
})
export class CostBasisType implements CostBasis {
  @Field(() => BigIntScalar, {
    description:
      'Units of the raise asset. Tokens that were sold back have taken their part of the cost with them, at the average, rounded down.',
  })
  readonly paid!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units, claimed or still to be claimed.' })
  readonly got!: bigint;

  @Field(() => Boolean, { description: 'Whether no later entry of the sale can change it.' })
  readonly isFinal!: boolean;

  @Field(() => RaiseAssetType, { description: RAISE_TEXT })
  readonly raise!: RaiseAssetType;
}

/** A cost basis at a moment. */
export interface CostBasisNode extends CostBasisType {
  readonly asOf: AsOf;
  /** What was bought. */
  readonly tokenAddress: Address;
}

/** What the amounts of a cost basis are in, and when. */
export function costPlace(
  sale: SaleRecord,
  asOf: AsOf,
): Pick<CostBasisNode, 'raise' | 'asOf' | 'tokenAddress'> {
  return { raise: raiseAssetOf(sale), asOf, tokenAddress: sale.token };
}

/** A participation at a moment. */
export interface ParticipationNode {
  readonly participant: Address;
  readonly deposited: bigint;
  readonly allocated: bigint;
  readonly claimed: bigint;
  readonly claimable: bigint;
  readonly refunded: bigint;
  readonly refundable: bigint;
  readonly sold: bigint;
  readonly proceeds: bigint;
  readonly costBasis: CostBasisNode;
  readonly asOf: AsOf;
  readonly saleRecord: SaleRecord;
}

export function participationNode(
  saleRecord: SaleRecord,
  asOf: AsOf,
  { participant, participation }: ParticipationRecord,
  { state }: SaleVersion,
): ParticipationNode {
  const { terms } = saleRecord;
  const { deposited, claimed, refunded, sold, proceeds } = participation;
  const allocated = allocationOf(terms, state, participation);
  return {
    saleRecord,
    asOf,
    participant,
    deposited,
    allocated,
    claimed,
    claimable: allocated - sold - claimed,
    refunded,
    refundable: refundOf(terms, state, participation) - refunded,
    sold,
    proceeds,
    costBasis: {
      ...costBasisOf(terms, state, participation),
      ...costPlace(saleRecord, asOf),
    },
  };
}
