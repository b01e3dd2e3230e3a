import { Args, ArgsType, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Address } from '../../address.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import { HOLDER_STEPS_AT_MOST } from '../limits/cost/seriesSize.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, BigIntScalar } from '../values/scalars.js';
import { accountSteps } from './accountSteps.js';
import { TokenSeriesArgs } from './seriesArgs.js';
import { SeriesStepType } from './seriesStep.js';
import type { ValuedStep } from './stepMoment.js';

@ArgsType()
class HolderSeriesArgs extends TokenSeriesArgs {
  @Field(() => AddressScalar, { description: 'The account.' })
  readonly holder!: Address;
}

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

/** A step, with what its values are computed from. */
export type HolderStepNode = HolderStepType & ValuedStep;

@Resolver()
export class HolderSeriesResolver {
  @Query(() => [HolderStepType], {
    nullable: true,
    description:
      'A holder of a token step by step: balance, claimable and accruing at each end, and what was paid meanwhile. At most 1,000 steps. Exact as of any block.',
  })
  async holderSeries(
    @Args(() => HolderSeriesArgs) args: HolderSeriesArgs,
    @Ctx() context: ApiContext,
  ): Promise<HolderStepNode[]> {
    const steps = await accountSteps(context, args, [args.holder], HOLDER_STEPS_AT_MOST);
    return steps.map(({ before: [before = null], after: [after = null], ...step }) => ({
      ...step,
      balance: after?.balance ?? 0n,
      ...figures(before, after),
    }));
  }
}

/** @param before `null`, as `after`: the token was not deployed yet */
function figures(before: Entitlement | null, after: Entitlement | null) {
  return {
    claimedWei: (after?.claimedWei ?? 0n) - (before?.claimedWei ?? 0n),
    redeemedWei: (after?.redeemedWei ?? 0n) - (before?.redeemedWei ?? 0n),
    claimableWei: after?.totalClaimableWei ?? 0n,
    accruingWei: after?.accruingWei ?? 0n,
    redeemableWei: after?.redeemableWei ?? 0n,
    expiredWei: after?.expiredWei ?? 0n,
  };
}
