import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { momentInBooks } from '../../books/archiveMark.js';
import type { PoolVersionRow } from '../../model/tables/poolVersion.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  readTokenStates,
  type StateParts,
  type TokenState,
} from '../../store/read/series/tokenStates.js';
import type { PoolsNode } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { selectedFields } from '../request/selection.js';
import { STEPS_AT_MOST } from '../values/calendar.js';
import { TokenSeriesArgs } from './seriesArgs.js';
import { type Step, seriesSteps } from './seriesSteps.js';
import { nameOfSteps, stepBlocks } from './stepBlocks.js';
import { type SeriesOfBooks, stepMoment } from './stepMoment.js';
import { TokenStepType } from './tokenStep.js';
import type { StepEnds, TokenStepNode } from './withoutContracts.js';

/** Of a state that is kept: what the pools and the number of holders are. */
const FIGURES_OF_STATE = 12;

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
    @Info() info: GraphQLResolveInfo,
  ): Promise<TokenStepNode[]> {
    const { books, budget, db } = context;
    const {
      chainId,
      token: address,
      at,
      interval,
      timestamp,
      asset = null,
      currency = null,
    } = args;
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
    const upTo = { chainId, interval, steps, block: asOf.block };
    const blocks = await stepBlocks(context, upTo);
    const parts = partsOf(selectedFields(info));
    const { number: tokenNumber } = token;
    const states = await context.instant.once({
      name: `states ${tokenNumber} ${bookNumber} ${parts.holders} ${parts.pools} ${nameOfSteps(upTo)}`,
      read: () => readTokenStates(db, { tokenNumber, bookNumber }, blocks, parts),
      size: ({ length }) => FIGURES_OF_STATE * length,
    });
    const ends = { chainId, tokenNumber, blocks: blocks.slice(1), name: nameOfSteps(upTo) };
    const of = { chainId, token: token.address, asset, bookNumber, interval, at: at ?? null };
    const series = { ...of, steps, accounts: null };
    return steps.map((step, index) => {
      const [begin, end] = [states[index], states[index + 1]];
      if (begin === undefined || end === undefined) throw new RangeError(`no state ${index}`);
      return stepNode({ step, series, ends, currency, answer: asOf, index, begin, end });
    });
  }
}

/** What a step has of its series, and the states before it and at its end. */
interface StepParts {
  readonly step: Step;
  readonly series: SeriesOfBooks;
  readonly ends: StepEnds;
  readonly currency: string | null;
  readonly answer: AsOf;
  readonly index: number;
  readonly begin: TokenState;
  readonly end: TokenState;
}

/**
 * One step. What no client asked for is undefined, and the schema would refuse it. All steps are written out alike:
 * objects that are put together from others take V8 many times as long.
 */
function stepNode({ step, series, ends, currency, answer, index, begin, end }: StepParts) {
  const last = ends.blocks[index] ?? -1;
  const block = last < 0 ? null : last;
  const asset = series.asset ?? 'native';
  const asOf = stepMoment(step, block, answer);
  const [before, pools] = [begin.pools, end.pools];
  const isRead = before !== undefined && pools !== undefined;
  const node: Readonly<Record<keyof TokenStepNode, unknown>> = {
    from: step.from,
    to: step.to,
    block,
    asset,
    series,
    currency,
    asOf,
    ends,
    holders: end.holders,
    receivedWei: isRead ? pools.receivedWei - before.receivedWei : undefined,
    claimedWei: isRead ? pools.claimedWei - before.claimedWei : undefined,
    redeemedWei: isRead ? pools.redeemedWei - before.redeemedWei : undefined,
    snapshots: isRead ? pools.lastSnapshotId - before.lastSnapshotId : undefined,
    supply: pools?.supply,
    balanceWei: pools?.balanceWei,
    pools: pools === undefined ? undefined : poolsNode(pools, asset, asOf),
  };
  return node as unknown as TokenStepNode;
}

function poolsNode(pools: PoolVersionRow, asset: string, asOf: AsOf): PoolsNode {
  return {
    asOf,
    asset,
    newRevenueWei: pools.newRevenueWei,
    claimableWei: pools.claimPoolWei,
    redeemableWei: pools.redeemPoolWei,
    redeemedFromNewWei: pools.redeemedFromNewWei,
  };
}

/** Fields that need nothing of the pools. */
const WITHOUT_POOLS = new Set([
  '__typename',
  'from',
  'to',
  'block',
  'asset',
  'holders',
  'holdersWithoutContracts',
]);
const OF_HOLDERS = new Set(['holders', 'holdersWithoutContracts']);

function partsOf(selected: ReadonlySet<string>): StateParts {
  const fields = [...selected];
  return {
    pools: fields.some((field) => !WITHOUT_POOLS.has(field)),
    holders: fields.some((field) => OF_HOLDERS.has(field)),
  };
}
