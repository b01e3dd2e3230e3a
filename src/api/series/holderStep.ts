import { Field, ObjectType } from 'type-graphql';
import { BigIntScalar } from '../values/scalars.js';
import { SeriesStepType } from './seriesStep.js';

@ObjectType('HolderStep', {
  simpleResolvers: true,
  description:
    'A holder of a token in one step of time: what it was paid in the step, and what it held and was owed at its end. Amounts are in units of the asset (wei for ETH).',
})
export class HolderStepType extends SeriesStepType {
  @Field(() => BigIntScalar, { description: 'Claimed in the step.' })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid for burned tokens in the step.' })
  readonly redeemedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Balance at the end, in token units.' })
  readonly balance!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimable at the end, of all open snapshots.' })
  readonly claimableWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Accruing at the end: its part of a snapshot then.' })
  readonly accruingWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'What burning the whole balance would have paid at the end.',
  })
  readonly redeemableWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Expired without a claim up to the end.' })
  readonly expiredWei!: bigint;
}
