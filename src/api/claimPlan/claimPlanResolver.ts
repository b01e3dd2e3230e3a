import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../address.js';
import { DepositPoolIdentityType, depositPoolIdentity } from '../objects/identities.js';
import { TokenType, tokenNode } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../values/scalars.js';
import {
  type ClaimPlanNode,
  ClaimPlanType,
  type ClaimRemainderNode,
  ClaimRemainderType,
  type ClaimStepNode,
  ClaimStepType,
  ClaimThroughType,
  ClaimTransactionType,
  ClaimWarningType,
  RemainingClaimType,
  type TransactionNode,
} from './claimPlan.js';
import { createGasLoader } from './gas.js';
import type { ClaimStep, RemainingClaim } from './plan.js';
import { planClaims } from './planClaims.js';
import type { ClaimThrough } from './planThrough.js';
import { type ClaimWarning, warningsOf } from './warnings.js';

@ArgsType()
class ClaimPlanArgs {
  @Field(() => AddressScalar, { description: 'The holder.' })
  readonly address!: Address;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Only tokens of this chain (EIP-155 id).',
  })
  readonly chainId?: number | null;
}

@Resolver(() => ClaimPlanType)
export class ClaimPlanResolver {
  @Query(() => ClaimPlanType, {
    nullable: true,
    description:
      'What an account should claim now, as of the newest indexed block of each chain: what expires first comes first, with transactions that are ready to be signed.',
  })
  async claimPlan(
    @Args(() => ClaimPlanArgs) { address, chainId }: ClaimPlanArgs,
    @Ctx() context: ApiContext,
  ): Promise<ClaimPlanNode> {
    const plan = await planClaims(context, address, chainId ?? null);
    const gasLoader = createGasLoader(context.claimNodes);
    return { ...plan, gasLoader, warnings: warningsOf(plan) };
  }

  @FieldResolver(() => [ClaimStepType], {
    description: 'The transactions, in the order in which what they claim expires.',
  })
  steps(@Root() { steps, gasLoader }: ClaimPlanNode): ClaimStepNode[] {
    return steps.map((step) => ({ ...step, gasLoader }));
  }

  @FieldResolver(() => [ClaimRemainderType], {
    description: 'What is left of each token that the holder ever had, once all is claimed.',
  })
  remains(@Root() { remains }: ClaimPlanNode): readonly ClaimRemainderNode[] {
    return remains;
  }

  @FieldResolver(() => [ClaimThroughType], {
    description: 'What pools that hold tokens for the account have to claim: only they can.',
  })
  through(@Root() { through }: ClaimPlanNode): readonly ClaimThrough[] {
    return through;
  }

  @FieldResolver(() => [ClaimWarningType], {
    description: 'What the next snapshot would take away: claim it before somebody takes one.',
  })
  warnings(@Root() { warnings }: ClaimPlanNode): readonly ClaimWarning[] {
    return warnings;
  }
}

@Resolver(() => ClaimThroughType)
export class ClaimThroughResolver {
  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: ClaimThrough) {
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => [DepositPoolIdentityType])
  path(@Root() { path }: ClaimThrough): DepositPoolIdentityType[] {
    return path.map(depositPoolIdentity);
  }
}

@Resolver(() => ClaimStepType)
export class ClaimStepResolver {
  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: ClaimStep) {
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => ClaimTransactionType, { description: 'What the holder has to send.' })
  transaction(@Root() step: ClaimStepNode) {
    return { ...step.transaction, step };
  }
}

@Resolver(() => ClaimTransactionType)
export class ClaimTransactionResolver {
  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description:
      "Gas that the chain's node estimates at its head; null where there is none to ask, or where it would fail: gasUnavailable says which.",
  })
  async gas(@Root() { step }: TransactionNode): Promise<bigint | null> {
    return (await step.gasLoader.load(step)).gas;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why there is no gas.' })
  async gasUnavailable(@Root() { step }: TransactionNode): Promise<string | null> {
    return (await step.gasLoader.load(step)).unavailable;
  }
}

@Resolver(() => ClaimRemainderType)
export class ClaimRemainderResolver {
  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: ClaimRemainderNode) {
    return tokenNode(token, asOf);
  }
}

@Resolver(() => RemainingClaimType)
export class RemainingClaimResolver {
  @FieldResolver(() => BigIntScalar, {
    description: 'Claimable then: nothing, as the plan takes it all.',
  })
  claimable(@Root() { entitlement }: RemainingClaim): bigint {
    return entitlement.totalClaimableWei;
  }

  @FieldResolver(() => BigIntScalar, {
    description:
      "The holder's part of what a snapshot taken then would assign. What is claimed of the oldest open snapshot does not roll over into it.",
  })
  accruing(@Root() { entitlement }: RemainingClaim): bigint {
    return entitlement.accruingWei;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'What burning the whole balance would pay.',
  })
  redeemable(@Root() { entitlement }: RemainingClaim): bigint {
    return entitlement.redeemableWei;
  }
}

@Resolver(() => ClaimWarningType)
export class ClaimWarningResolver {
  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: ClaimWarning) {
    return tokenNode(token, asOf);
  }
}
