import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import type { Address } from '../../../address.js';
import { TokenAtArgs } from '../../lists/engine/inputs.js';
import type { ApiContext } from '../../request/context.js';
import { revenueGroups } from '../../totals/revenueGroups.js';
import { Interval, RevenueGrouping } from '../../values/enums.js';
import { AddressScalar } from '../../values/scalars.js';
import { RevenueGroupType } from './journal.js';

@ArgsType()
class RevenueArgs extends TokenAtArgs {
  @Field(() => RevenueGrouping, {
    defaultValue: RevenueGrouping.SOURCE,
    description: 'How finely sources are distinguished.',
  })
  readonly groupBy!: RevenueGrouping;

  @Field(() => Interval, {
    nullable: true,
    description: 'Steps of time; default: all time together.',
  })
  readonly interval?: Interval | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'In this ERC-20, which the token shares in addition to ETH; default: in ETH.',
  })
  readonly asset?: Address | null;
}

@Resolver()
export class RevenueResolver {
  @Query(() => [RevenueGroupType], {
    nullable: true,
    description: 'Revenue of a token by source and time, oldest first.',
    deprecationReason: 'Use receiptTotals, which tells more apart.',
  })
  async revenue(
    @Args(() => RevenueArgs) args: RevenueArgs,
    @Ctx() context: ApiContext,
  ): Promise<RevenueGroupType[]> {
    const { chainId, token, asset, at, groupBy, interval } = args;
    await context.books.token(token, await context.books.asOf(chainId, at));
    return revenueGroups(context, { filter: { chainId, token, asset }, at, interval }, groupBy);
  }
}
