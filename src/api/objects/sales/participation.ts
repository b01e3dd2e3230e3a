import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { allocationOf, type CostBasis, costBasisOf, refundOf } from '../../../ledger/sales/sale.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { ParticipationRecord } from '../../../store/read/sales/participations.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import type { SaleVersion } from '../../../store/read/sales/saleVersions.js';
import { AddressScalar, BigIntScalar } from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';

@ObjectType('CostBasis', {
  simpleResolvers: true,
  description: 'What was finally paid for what was finally got.',
})
class CostBasisType implements CostBasis {
  @Field(() => BigIntScalar, {
    description:
      'Units of the raise asset. Tokens that were sold back have taken their part of the cost with them, at the average, rounded down.',
  })
  readonly paid!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units, claimed or still to be claimed.' })
  readonly got!: bigint;

  @Field(() => Boolean, { description: 'Whether no later entry of the sale can change it.' })
  readonly isFinal!: boolean;
}

@ObjectType('Participation', {
  simpleResolvers: true,
  description: 'What one account did in a sale, and what it gets from it.',
})
export class ParticipationType {
  @Field(() => AddressScalar, { description: 'The account, even if another account acted for it.' })
  readonly participant!: Address;

  @Field(() => BigIntScalar, { description: 'Paid in by deposits and purchases, raise units.' })
  readonly deposited!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Token units that it bought or was allocated, claimed or not; 0 while a launchpad is open.',
  })
  readonly allocated!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units paid out to it.' })
  readonly claimed!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units that it can still claim.' })
  readonly claimable!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid back to it as refunds, raise units.' })
  readonly refunded!: bigint;

  @Field(() => BigIntScalar, { description: 'What it can still take back, raise units.' })
  readonly refundable!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units that it sold back to the sale.' })
  readonly sold!: bigint;

  @Field(() => BigIntScalar, { description: 'What it was paid for those, raise units.' })
  readonly proceeds!: bigint;

  @Field(() => CostBasisType, { description: 'What it finally paid for what it finally got.' })
  readonly costBasis!: CostBasis;

  @Field(() => AsOfType, { description: 'The block that these figures hold for.' })
  readonly asOf!: AsOf;
}

/** A participation at a moment. */
export interface ParticipationNode extends ParticipationType {
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
    costBasis: costBasisOf(terms, state, participation),
  };
}
