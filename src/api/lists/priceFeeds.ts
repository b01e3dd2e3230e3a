import { readPriceFeeds } from '../../store/read/prices/prices.js';
import type { PriceFeed } from '../../store/registry/priceFeeds.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';

/** All price feeds, read once for each request. */
export function allPriceFeeds(context: ApiContext): Promise<readonly PriceFeed[]> {
  return readShared(context, ['price feeds'], () => readPriceFeeds(context.db));
}
