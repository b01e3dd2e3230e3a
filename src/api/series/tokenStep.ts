import { Field, Int, ObjectType } from 'type-graphql';
import { PoolsType } from '../objects/tokens/token.js';
import { BigIntScalar } from '../values/scalars.js';
import { SeriesStepType } from './seriesStep.js';

@ObjectType('TokenStep', {
  simpleResolvers: true,
  description:
    'A token in one step of time: what happened in the step, and how things stood at its end. Amounts are in units of the asset (wei for ETH).',
})
export class TokenStepType extends SeriesStepType {
  @Field(() => BigIntScalar, { description: 'Received in the step.' })
  readonly receivedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimed by all holders in the step.' })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid for burned tokens in the step.' })
  readonly redeemedWei!: bigint;

  @Field(() => Int, { description: 'Snapshots taken in the step.' })
  readonly snapshots!: number;

  @Field(() => BigIntScalar, { description: 'Total supply at the end, in token units.' })
  readonly supply!: bigint;

  @Field(() => Int, {
    description: 'Accounts with a balance above 0 at the end, contracts among them.',
  })
  readonly holders!: number;

  @Field(() => BigIntScalar, { description: 'What the token held of the asset at the end.' })
  readonly balanceWei!: bigint;

  @Field(() => PoolsType, { description: 'What the balance at the end was made of.' })
  readonly pools!: PoolsType;
}
