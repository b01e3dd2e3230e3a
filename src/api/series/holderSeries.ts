import { Args, ArgsType, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import { readBlocksBefore } from '../../store/read/series/tokenStates.js';
import { HOLDER_STEPS_AT_MOST } from '../limits/cost/seriesSize.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, BigIntScalar } from '../values/scalars.js';
import { TokenSeriesArgs } from './seriesArgs.js';
import { SeriesStepType } from './seriesStep.js';
import { boundaries, seriesSteps } from './seriesSteps.js';

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
class HolderStepType extends SeriesStepType {
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
  ): Promise<HolderStepType[]> {
    const { books, budget, db, joined, loaders } = context;
    const { chainId, token: address, at, interval, timestamp, holder, asset = null } = args;
    budget.spendPage();
    const asked = await books.asOf(chainId, at);
    const token = await books.token(address, asked);
    const asOf = momentInBooks(token, asked);
    const [book] = await books.booksIn(asset, [token]);
    const bookNumber = book?.number ?? token.number;
    const most = HOLDER_STEPS_AT_MOST;
    const { startBlock } = token;
    const request = { interval, timestamp, at, bookNumber, startBlock, asOf, most };
    const steps = await seriesSteps(context, request);
    const moment = { chainId, block: asOf.block };
    const blocks = await readBlocksBefore(db, moment, boundaries(steps));
    const entitlements = await Promise.all(
      blocks.map((block) =>
        block < token.startBlock
          ? null
          : loaders.entitlement.load({ token, account: holder, block, bookNumber }),
      ),
    );
    const balances = await joined.balances(
      blocks.map((block) => ({ account: holder, tokenNumber: token.number, block })),
    );
    return steps.map(({ from, to }, index) => {
      const [before, after] = [entitlements[index], entitlements[index + 1]];
      if (before === undefined || after === undefined) throw new RangeError(`no state ${index}`);
      const block = blocks[index + 1] ?? -1;
      const balance = balances[index + 1] ?? 0n;
      return {
        from,
        to,
        block: block < 0 ? null : block,
        asset: asset ?? 'native',
        balance,
        ...figures(before, after),
      };
    });
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
