import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { operationList } from '../../lists/engine/operationList.js';
import { PricesArgs } from '../../lists/inputs/priceInputs.js';
import { allPriceFeeds, PRICE_SET } from '../../lists/prices.js';
import type { ApiContext } from '../../request/context.js';
import { SafeIntScalar } from '../../values/scalars.js';
import { PriceFeedType, PriceRoundType } from './price.js';

const PriceConnection = connectionType(PriceRoundType, 'Price', 'rounds of price feeds');

@Resolver(() => PriceRoundType)
export class PriceResolver {
  @Query(() => PriceConnection, {
    nullable: true,
    description: 'What price feeds said: every round of them.',
  })
  prices(@Args(() => PricesArgs) args: PricesArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, PRICE_SET, args));
  }

  @Query(() => [PriceFeedType], {
    nullable: true,
    description: 'Where prices come from: what there is a value of, and in which currencies.',
  })
  async priceFeeds(
    @Arg('chainId', () => SafeIntScalar, {
      nullable: true,
      description: 'Only this chain (EIP-155 id).',
    })
    chainId: number | null,
    @Ctx() context: ApiContext,
  ) {
    const feeds = await allPriceFeeds(context);
    return feeds.filter((feed) => feed.chainId === (chainId ?? feed.chainId));
  }
}
