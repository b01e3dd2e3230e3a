import { LEGS_AT_MOST, type PriceRoute, priceRoutes } from '../../../ledger/priceRoute.js';
import type { PriceFeed } from '../../registry/priceFeeds.js';
import type { Queryable } from '../query/queryable.js';
import { readPriceFeeds } from './prices.js';

/** A route on one chain, by indexed feeds. */
export type ChainRoute = PriceRoute<PriceFeed> & { readonly chainId: number };

/** The routes to some currencies, on all chains. */
export interface PriceRoutes {
  readonly all: readonly ChainRoute[];
  /** Feeds of the longest of them; at least 1. */
  readonly legs: number;
}

export async function readPriceRoutes(
  db: Queryable,
  currencies: Iterable<string>,
): Promise<PriceRoutes> {
  return routesOf(await readPriceFeeds(db), currencies);
}

/** @param feeds of all chains */
function routesOf(feeds: readonly PriceFeed[], currencies: Iterable<string>): PriceRoutes {
  const chains = [...new Set(feeds.map(({ chainId }) => chainId))];
  const all = [...new Set(currencies)].flatMap((currency) =>
    chains.flatMap((chainId) =>
      priceRoutes(
        feeds.filter((feed) => feed.chainId === chainId),
        currency,
      ).map((route) => ({ ...route, chainId })),
    ),
  );
  return { all, legs: Math.max(1, ...all.map(({ legs }) => legs.length)) };
}

/** A column of routes as an array in SQL. */
export type ArraySql = (
  values: readonly (string | number | boolean | null)[],
  type: string,
) => string;

/**
 * A FROM item `price_route(chain_id, asset, currency, from_block, to_block, asset_decimals,
 * is_quotient, leg_1, is_inverse_1, …)`. Legs are numbers of feeds.
 *
 * @param array how its values get into the text
 */
export function routeItem({ all, legs }: PriceRoutes, array: ArraySql): string {
  const columns: [string, string, readonly (string | number | boolean | null)[]][] = [
    ['chain_id', 'bigint', all.map(({ chainId }) => chainId)],
    ['asset', 'text', all.map(({ asset }) => asset)],
    ['currency', 'text', all.map(({ currency }) => currency)],
    ['from_block', 'bigint', all.map(({ fromBlock }) => fromBlock)],
    ['to_block', 'bigint', all.map(({ toBlock }) => toBlock)],
    ['asset_decimals', 'integer', all.map((route) => route.legs[0]?.feed.assetDecimals ?? null)],
    ['is_quotient', 'boolean', all.map((route) => route.legs.some(({ isInverse }) => isInverse))],
  ];
  for (let leg = 1; leg <= Math.min(legs, LEGS_AT_MOST); leg++) {
    const of = (route: ChainRoute) => route.legs[leg - 1];
    columns.push([`leg_${leg}`, 'integer', all.map((route) => of(route)?.feed.number ?? null)]);
    columns.push([
      `is_inverse_${leg}`,
      'boolean',
      all.map((route) => of(route)?.isInverse ?? false),
    ]);
  }
  const arrays = columns.map(([, type, values]) => array(values, type));
  return `unnest(${arrays.join(', ')}) AS price_route(${columns.map(([name]) => name).join(', ')})`;
}
