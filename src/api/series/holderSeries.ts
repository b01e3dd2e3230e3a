import type { GraphQLResolveInfo } from 'graphql';
import { Args, ArgsType, Ctx, Field, Info, Query, Resolver } from 'type-graphql';
import type { Address } from '../../address.js';
import { readBalanceSeries } from '../../store/read/series/balanceSeries.js';
import { HOLDER_STEPS_AT_MOST } from '../limits/cost/seriesSize.js';
import type { ApiContext } from '../request/context.js';
import { selectedFields } from '../request/selection.js';
import { AddressScalar } from '../values/scalars.js';
import {
  type AccountSeries,
  accountSeries,
  type EndedStep,
  type OwedInStep,
  owedInSteps,
} from './accountSteps.js';
import { type HolderEnds, type HolderStepNode, prepareRanks } from './holderRanks.js';
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
    @Info() info: GraphQLResolveInfo,
  ): Promise<HolderStepNode[]> {
    const accounts = [args.holder];
    const series = await accountSeries(context, args, accounts, HOLDER_STEPS_AT_MOST);
    const selected = selectedFields(info);
    const isOfBalances = [...selected].every((field) => OF_BALANCES.has(field));
    const figures: readonly Partial<HolderFigures>[] = isOfBalances
      ? await balancesInSteps(context, series, args.holder)
      : (await owedInSteps(context, series, accounts)).map(owedFigures);
    const ends = series.steps.map(({ block }, index) => {
      return { block: block ?? -1, balance: figures[index]?.balance ?? 0n };
    });
    const { token, name } = series;
    const holder = { tokenNumber: token.number, account: args.holder, ends, name };
    if (selected.has('rank')) await prepareRanks(context, holder);
    return series.steps.map((step, index) => stepNode(step, figures[index] ?? {}, holder, index));
  }
}

/**
 * One step. What no client asked for is undefined, and the schema would refuse it. All steps are written out alike, as
 * those of a token.
 */
function stepNode(
  step: EndedStep,
  figures: Partial<HolderFigures>,
  holder: HolderEnds,
  index: number,
): HolderStepNode {
  const node: Readonly<Record<keyof HolderStepNode, unknown>> = {
    from: step.from,
    to: step.to,
    block: step.block,
    asset: step.asset,
    series: step.series,
    currency: step.currency,
    asOf: step.asOf,
    holder,
    index,
    balance: figures.balance,
    claimedWei: figures.claimedWei,
    redeemedWei: figures.redeemedWei,
    claimableWei: figures.claimableWei,
    accruingWei: figures.accruingWei,
    redeemableWei: figures.redeemableWei,
    expiredWei: figures.expiredWei,
  };
  return node as unknown as HolderStepNode;
}

/** Fields that need nothing but the balances. */
const OF_BALANCES = new Set(['__typename', 'from', 'to', 'block', 'asset', 'balance', 'rank']);

async function balancesInSteps(
  { db }: ApiContext,
  { token, blocks }: AccountSeries,
  account: Address,
): Promise<{ readonly balance: bigint }[]> {
  const key = { tokenNumber: token.number, accounts: [account], blocks: blocks.slice(1) };
  const [balances = []] = await readBalanceSeries(db, key);
  return balances.map((balance) => ({ balance }));
}

type HolderFigures = ReturnType<typeof owedFigures>;

/** Nothing before the token was deployed. */
function owedFigures({ before: [before], after: [after] }: OwedInStep) {
  return {
    balance: after?.balance ?? 0n,
    claimedWei: (after?.claimedWei ?? 0n) - (before?.claimedWei ?? 0n),
    redeemedWei: (after?.redeemedWei ?? 0n) - (before?.redeemedWei ?? 0n),
    claimableWei: after?.totalClaimableWei ?? 0n,
    accruingWei: after?.accruingWei ?? 0n,
    redeemableWei: after?.redeemableWei ?? 0n,
    expiredWei: after?.expiredWei ?? 0n,
  };
}
