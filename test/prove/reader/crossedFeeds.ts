import type { WorldFeed } from './world.js';

/** Of a currency, for a config: its price has the digits of a whole unit. */
const CURRENCY_DECIMALS = 0;

/**
 * Feeds of currencies, by aggregators of feeds that are there: dollars in yen, and francs in dollars. So amounts in
 * the chain's own coin are worth yen by a product, and francs by a quotient.
 */
export function crossedFeeds(feeds: readonly WorldFeed[]): WorldFeed[] {
  const [first, second = first] = feeds;
  if (first === undefined || second === undefined) return [];
  const { currency } = first;
  const of = (feed: WorldFeed, asset: string, priced: string): WorldFeed => ({
    ...{ aggregator: feed.aggregator, decimals: feed.decimals, staleAfterSeconds: null },
    ...{ asset, assetDecimals: CURRENCY_DECIMALS, currency: priced },
  });
  return [of(second, currency, 'JPY'), of(second, 'CHF', currency)];
}

/** The feed in a config. */
export function entryOf({ asset, currency, aggregator }: WorldFeed): object {
  return { asset, currency, aggregator };
}
