import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../address.js';
import { TokenType, tokenNode } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../values/scalars.js';
import { type BurnPlan, BurnPlanType, planBurn } from './burnPlan.js';
import { ClaimTransactionType, type TransactionNode } from './claimPlan.js';
import { createGasLoader, type PlannedTransaction } from './gas.js';
import { planSnapshot, type SnapshotPlan, SnapshotPlanType } from './snapshotPlan.js';

@ArgsType()
class TokenActionArgs {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'The token.' })
  readonly token!: Address;
}

@ArgsType()
class BurnPlanArgs extends TokenActionArgs {
  @Field(() => AddressScalar, { description: 'Who burns.' })
  readonly holder!: Address;

  @Field(() => BigIntScalar, { description: 'Token units to burn, 1 to the balance.' })
  readonly amount!: bigint;
}

@ArgsType()
class SnapshotPlanArgs extends TokenActionArgs {
  @Field(() => AddressScalar, { description: 'Who would take it.' })
  readonly sender!: Address;
}

/** The transaction of a plan, with what its gas is estimated from. */
function transactionNode<Plan extends PlannedTransaction>(
  { asOf, transaction }: Plan,
  { claimNodes }: ApiContext,
): Plan['transaction'] & TransactionNode {
  return {
    ...transaction,
    step: { asOf, transaction, gasLoader: createGasLoader(claimNodes) },
  };
}

@Resolver(() => BurnPlanType)
export class BurnPlanResolver {
  @Query(() => BurnPlanType, {
    nullable: true,
    description:
      'What burning some tokens of an account pays, to the wei, and what it gives up, as of the newest indexed block, with a transaction that is ready to be signed.',
  })
  burnPlan(@Args(() => BurnPlanArgs) args: BurnPlanArgs, @Ctx() context: ApiContext) {
    return planBurn(context, args);
  }

  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: BurnPlan) {
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => ClaimTransactionType, { description: 'What the holder has to send.' })
  transaction(@Root() plan: BurnPlan, @Ctx() context: ApiContext) {
    return transactionNode(plan, context);
  }
}

@Resolver(() => SnapshotPlanType)
export class SnapshotPlanResolver {
  @Query(() => SnapshotPlanType, {
    nullable: true,
    description:
      'Whether an account can take the next snapshot of a token, as of the newest indexed block, with a transaction that is ready to be signed.',
  })
  snapshotPlan(@Args(() => SnapshotPlanArgs) args: SnapshotPlanArgs, @Ctx() context: ApiContext) {
    return planSnapshot(context, args);
  }

  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: SnapshotPlan) {
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => ClaimTransactionType, { description: 'What the account has to send.' })
  transaction(@Root() plan: SnapshotPlan, @Ctx() context: ApiContext) {
    return transactionNode(plan, context);
  }
}
