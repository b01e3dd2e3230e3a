import { Args, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { momentInBooks } from '../../books/archiveMark.js';
import { readTokenStates, type TokenState } from '../../store/read/series/tokenStates.js';
import { PoolsType } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { STEPS_AT_MOST } from '../values/calendar.js';
import { BigIntScalar } from '../values/scalars.js';
import { TokenSeriesArgs } from './seriesArgs.js';
import { SeriesStepType } from './seriesStep.js';
import { boundaries, type Step, seriesSteps } from './seriesSteps.js';

@ObjectType('TokenStep', {
  simpleResolvers: true,
  description:
    'A token in one step of time: what happened in the step, and how things stood at its end. Amounts are in units of the asset (wei for ETH).',
})
class TokenStepType extends SeriesStepType {
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

@Resolver()
export class TokenSeriesResolver {
  @Query(() => [TokenStepType], {
    nullable: true,
    description:
      'A token step by step: revenue, claims and burns of each step; holders, supply and pools at its end. Exact as of any block.',
  })
  async tokenSeries(
    @Args(() => TokenSeriesArgs) args: TokenSeriesArgs,
    @Ctx() context: ApiContext,
  ): Promise<TokenStepType[]> {
    const { books, budget, db } = context;
    const { chainId, token: address, at, interval, timestamp, asset = null } = args;
    budget.spendPage();
    const asked = await books.asOf(chainId, at);
    const token = await books.token(address, asked);
    const asOf = momentInBooks(token, asked);
    const [book] = await books.booksIn(asset, [token]);
    const bookNumber = book?.number ?? token.number;
    const most = STEPS_AT_MOST;
    const { startBlock } = token;
    const request = { interval, timestamp, at, bookNumber, startBlock, asOf, most };
    const steps = await seriesSteps(context, request);
    const of = { chainId, tokenNumber: token.number, bookNumber, block: asOf.block };
    const states = await readTokenStates(db, of, boundaries(steps));
    return steps.map((step, index) => {
      const [begin, end] = [states[index], states[index + 1]];
      if (begin === undefined || end === undefined) throw new RangeError(`no state ${index}`);
      return stepOf(step, asset ?? 'native', begin, end);
    });
  }
}

function stepOf(
  { from, to }: Step,
  asset: string,
  { pools: before }: TokenState,
  { block, pools, holders }: TokenState,
): TokenStepType {
  return {
    from,
    to,
    block,
    asset,
    receivedWei: pools.receivedWei - before.receivedWei,
    claimedWei: pools.claimedWei - before.claimedWei,
    redeemedWei: pools.redeemedWei - before.redeemedWei,
    snapshots: pools.lastSnapshotId - before.lastSnapshotId,
    supply: pools.supply,
    holders,
    balanceWei: pools.balanceWei,
    pools: {
      asset,
      newRevenueWei: pools.newRevenueWei,
      claimableWei: pools.claimPoolWei,
      redeemableWei: pools.redeemPoolWei,
      redeemedFromNewWei: pools.redeemedFromNewWei,
    },
  };
}
