import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import type { Address } from '../../address.js';
import { personOf } from '../../books/person.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, SafeIntScalar } from '../values/scalars.js';
import { type ClaimPlanNode, ClaimPlanType } from './claimPlan.js';
import { createGasLoader } from './gas.js';
import { planPerson } from './planPerson.js';
import { warningsOf } from './warnings.js';

@ArgsType()
class ClaimPlansArgs {
  @Field(() => [AddressScalar], {
    description: 'The accounts, 1 to 100; one that is named twice counts once.',
  })
  readonly holders!: readonly Address[];

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Only tokens of this chain (EIP-155 id).',
  })
  readonly chainId?: number | null;
}

@Resolver()
export class ClaimPlansResolver {
  @Query(() => [ClaimPlanType], {
    nullable: true,
    description:
      'What all accounts of a person should claim now: the plan of each account that has something to claim, or through a pool, in the order given. Each account has to send its own transactions.',
  })
  async claimPlans(
    @Args(() => ClaimPlansArgs) { holders, chainId }: ClaimPlansArgs,
    @Ctx() context: ApiContext,
  ): Promise<ClaimPlanNode[]> {
    const plans = await planPerson(context, personOf(holders), chainId ?? null);
    const gasLoader = createGasLoader(context.claimNodes);
    return plans.map((plan) => ({ ...plan, gasLoader, warnings: warningsOf(plan) }));
  }
}
