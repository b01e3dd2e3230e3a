import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { momentInBooks } from '../../books/archiveMark.js';
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
import { boundaries, seriesSteps } from './seriesSteps.js';
import { stepMoment } from './stepMoment.js';
import { TokenStepType } from './tokenStep.js';
import type { TokenStepNode } from './withoutContracts.js';

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
    const state = { chainId, tokenNumber: token.number, bookNumber, block: asOf.block };
    const parts = partsOf(selectedFields(info));
    const states = await readTokenStates(db, state, boundaries(steps), parts);
    const blocks = states.slice(1).map(({ block }) => block ?? -1);
    const ends = { chainId, tokenNumber: token.number, blocks };
    const of = { chainId, token: token.address, asset, bookNumber, interval, at: at ?? null };
    const series = { ...of, steps, accounts: null };
    return steps.map((step, index) => {
      const [begin, end] = [states[index], states[index + 1]];
      if (begin === undefined || end === undefined) throw new RangeError(`no state ${index}`);
      const moment = stepMoment(step, end.block, asOf);
      const valued = { series, currency, asOf: moment };
      // What no client asked for is missing, and the schema would refuse it.
      return {
        ...step,
        block: end.block,
        asset: asset ?? 'native',
        ...valued,
        ends,
        holders: end.holders,
        ...poolFigures(asset ?? 'native', moment, begin, end),
      } as TokenStepNode;
    });
  }
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

/** The figures that come from the pools; none where they were not read. */
function poolFigures(
  asset: string,
  asOf: AsOf,
  { pools: before }: TokenState,
  { pools }: TokenState,
): Partial<Omit<TokenStepType, 'pools'>> & { readonly pools?: PoolsNode } {
  if (before === undefined || pools === undefined) return {};
  return {
    receivedWei: pools.receivedWei - before.receivedWei,
    claimedWei: pools.claimedWei - before.claimedWei,
    redeemedWei: pools.redeemedWei - before.redeemedWei,
    snapshots: pools.lastSnapshotId - before.lastSnapshotId,
    supply: pools.supply,
    balanceWei: pools.balanceWei,
    pools: {
      asOf,
      asset,
      newRevenueWei: pools.newRevenueWei,
      claimableWei: pools.claimPoolWei,
      redeemableWei: pools.redeemPoolWei,
      redeemedFromNewWei: pools.redeemedFromNewWei,
    },
  };
}
