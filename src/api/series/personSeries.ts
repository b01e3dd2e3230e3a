import { Args, ArgsType, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Address } from '../../address.js';
import { personOf } from '../../books/person.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import { sumOfEntitlements } from '../../ledger/persons/person.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { HOLDER_STEPS_AT_MOST } from '../limits/cost/seriesSize.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, BigIntScalar } from '../values/scalars.js';
import { accountSeries, owedInSteps } from './accountSteps.js';
import { TokenSeriesArgs } from './seriesArgs.js';
import { SeriesStepType } from './seriesStep.js';
import type { ValuedStep } from './stepMoment.js';

@ArgsType()
class PersonSeriesArgs extends TokenSeriesArgs {
  @Field(() => [AddressScalar], {
    description: 'The accounts, 1 to 100; one that is named twice counts once.',
  })
  readonly holders!: readonly Address[];
}

@ObjectType('PersonStep', {
  simpleResolvers: true,
  description:
    'Several accounts as one in one step of time: what they earned and were paid in the step, and what they held and were owed at its end. All are sums over the accounts, in units of the asset (wei for ETH).',
})
export class PersonStepType extends SeriesStepType {
  @Field(() => BigIntScalar, {
    description: 'Earned in the step: the shares of its snapshots, claimed or not.',
  })
  readonly assignedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimed in the step.' })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid for burned tokens in the step.' })
  readonly redeemedWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Balance at the end, in token units. Transfers between the accounts change nothing.',
  })
  readonly balance!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimable at the end, of all open snapshots.' })
  readonly claimableWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Accruing at the end: their part of a snapshot then.' })
  readonly accruingWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'What burning the balance of each account would have paid at the end.',
  })
  readonly redeemableWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Expired without a claim up to the end.' })
  readonly expiredWei!: bigint;
}

/** The books of a series up to its moment. */
export interface SourcedBooks {
  readonly token: TokenRecord;
  /** Of the books in the asset. */
  readonly bookNumber: number;
  /** The newest block of the answer. */
  readonly upTo: number;
}

/** A step, with what its values and sources are computed from. */
export interface PersonStepNode extends PersonStepType, ValuedStep {
  readonly books: SourcedBooks;
  /** The shares of its snapshots, by their ids. */
  readonly shares: ReadonlyMap<number, bigint>;
}

@Resolver()
export class PersonSeriesResolver {
  @Query(() => [PersonStepType], {
    nullable: true,
    description:
      'Several accounts of a token as one, step by step: what they earned and were paid in each step, and how they stood at its end. At most 1,000 steps, divided by the number of accounts. Exact as of any block.',
  })
  async personSeries(
    @Args(() => PersonSeriesArgs) args: PersonSeriesArgs,
    @Ctx() context: ApiContext,
  ): Promise<PersonStepNode[]> {
    const accounts = personOf(args.holders);
    const most = Math.floor(HOLDER_STEPS_AT_MOST / accounts.length);
    const series = await accountSeries(context, args, accounts, most);
    const owed = await owedInSteps(context, series, accounts);
    const { token, bookNumber, upTo } = series;
    const books = { token, bookNumber, upTo };
    return owed.map(({ step, before, after }) => {
      const [start, end] = [sumOfEntitlements(before), sumOfEntitlements(after)];
      return {
        ...step,
        books,
        shares: sharesBetween(before, after),
        assignedWei: end.assignedWei - start.assignedWei,
        claimedWei: end.claimedWei - start.claimedWei,
        redeemedWei: end.redeemedWei - start.redeemedWei,
        balance: end.balance,
        claimableWei: end.totalClaimableWei,
        accruingWei: end.accruingWei,
        redeemableWei: end.redeemableWei,
        expiredWei: end.expiredWei,
      };
    });
  }
}

/** The shares of the snapshots that one state has and the one before it has not. */
function sharesBetween(
  before: readonly Entitlement[],
  after: readonly Entitlement[],
): ReadonlyMap<number, bigint> {
  const known = before[0]?.snapshots.length ?? 0;
  const shares = new Map<number, bigint>();
  for (const { snapshots } of after) {
    for (const { snapshotId, shareWei } of snapshots.slice(known)) {
      shares.set(snapshotId, (shares.get(snapshotId) ?? 0n) + shareWei);
    }
  }
  return shares;
}
