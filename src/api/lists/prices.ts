import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  PRICE_ROUND_COLUMNS,
  PRICE_ROUNDS,
  type PriceRoundRecord,
  readPriceFeeds,
} from '../../store/read/prices/prices.js';
import type { PriceFeed } from '../../store/registry/priceFeeds.js';
import { priceRoundNode } from '../objects/prices/price.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import type { PriceFilterInput } from './inputs/priceInputs.js';

/** All price feeds, read once for each request. */
export function allPriceFeeds(context: ApiContext): Promise<readonly PriceFeed[]> {
  return readShared(context, ['price feeds'], () => readPriceFeeds(context.db));
}

/** The rounds of all feeds. */
export const PRICE_SET = {
  kind: PRICE_ROUNDS,
  columns: PRICE_ROUND_COLUMNS,
  ownerFields: {
    asset: ({ asset }: PriceFeed) => asset,
    currency: ({ currency }: PriceFeed) => currency,
    aggregator: ({ aggregator }: PriceFeed) => aggregator,
  },
  indexed: [],

  async ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { asset, currency, aggregator }: PriceFilterInput,
  ): Promise<PriceFeed[]> {
    return (await allPriceFeeds(context)).filter(
      (feed) =>
        chains.has(feed.chainId) &&
        feed.asset === (asset ?? feed.asset) &&
        feed.currency === (currency ?? feed.currency) &&
        feed.aggregator === (aggregator ?? feed.aggregator),
    );
  },

  toNode: (row: PriceRoundRecord, feed: PriceFeed) => priceRoundNode(feed, row),
} as const;
