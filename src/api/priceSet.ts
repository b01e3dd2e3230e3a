import type { PriceFeed } from '../store/priceFeeds.js';
import type { AsOf } from '../store/read/asOf.js';
import {
  PRICE_ROUND_COLUMNS,
  PRICE_ROUNDS,
  type PriceRoundRecord,
  readPriceFeeds,
} from '../store/read/prices.js';
import type { ApiContext } from './context.js';
import type { PriceFilterInput } from './priceInputs.js';
import { readShared } from './sharedRead.js';
import { priceRoundNode } from './types/price.js';

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
