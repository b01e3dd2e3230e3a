import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import type { Address } from '../../address.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import { HOLDER_STEPS_AT_MOST } from '../limits/cost/seriesSize.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar } from '../values/scalars.js';
import { accountSteps } from './accountSteps.js';
import type { HolderStepNode } from './holderRanks.js';
import { HolderStepType } from './holderStep.js';
import { TokenSeriesArgs } from './seriesArgs.js';

@ArgsType()
class HolderSeriesArgs extends TokenSeriesArgs {
  @Field(() => AddressScalar, { description: 'The account.' })
  readonly holder!: Address;
}

@Resolver()
export class HolderSeriesResolver {
  @Query(() => [HolderStepType], {
    nullable: true,
    description:
      'A holder of a token step by step: balance, rank, claimable and accruing at each end, and what was paid meanwhile. At most 1,000 steps. Exact as of any block.',
  })
  async holderSeries(
    @Args(() => HolderSeriesArgs) args: HolderSeriesArgs,
    @Ctx() context: ApiContext,
  ): Promise<HolderStepNode[]> {
    const { token, steps } = await accountSteps(context, args, [args.holder], HOLDER_STEPS_AT_MOST);
    const ends = steps.map(({ block, after: [after] }) => {
      return { block: block ?? -1, balance: after?.balance ?? 0n };
    });
    const holder = { tokenNumber: token.number, account: args.holder, ends };
    return steps.map(({ before: [before = null], after: [after = null], ...step }, index) => ({
      ...step,
      balance: after?.balance ?? 0n,
      ...figures(before, after),
      holder,
      index,
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
