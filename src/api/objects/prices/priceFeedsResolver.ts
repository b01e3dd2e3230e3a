import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { allPriceFeeds } from '../../lists/priceFeeds.js';
import type { ApiContext } from '../../request/context.js';
import { SafeIntScalar } from '../../values/scalars.js';
import { PriceFeedType } from './price.js';

@Resolver()
export class PriceFeedResolver {
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
    if (chainId != null) await context.books.assertChain(chainId);
    const feeds = await allPriceFeeds(context);
    return feeds.filter((feed) => feed.chainId === (chainId ?? feed.chainId));
  }
}
