import type { PriceFeed } from '../store/priceFeeds.js';
import { operationKey } from '../store/read/operation.js';
import { readOperationPage } from '../store/read/operationPage.js';
import { countOperations } from '../store/read/operationSelect.js';
import { readOperationWindows } from '../store/read/operationWindows.js';
import { PRICE_ROUNDS, type PriceRoundRecord, readPriceFeeds } from '../store/read/prices.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { chainCursor } from './cursor.js';
import { pageRequest } from './pagination.js';
import type { PricesArgs } from './priceInputs.js';
import { readShared } from './sharedRead.js';
import { type PriceRoundType, priceRoundNode } from './types/price.js';

/** All price feeds, read once for each request. */
export function allPriceFeeds(context: ApiContext): Promise<readonly PriceFeed[]> {
  return readShared(context, ['price feeds'], () => readPriceFeeds(context.db));
}

/**
 * A page of rounds in the order of time, over all feeds that the filter lets through.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `NOTHING_INDEXED`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 *   `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function priceList(
  context: ApiContext,
  args: PricesArgs,
): Promise<Connection<PriceRoundType>> {
  const { db, books, budget } = context;
  const { chainId, asset, currency, aggregator, block, timestamp } = args.filter ?? {};
  const codec = chainCursor(PRICE_ROUNDS.table);
  const request = pageRequest(args, codec);
  budget.spendPage();
  await books.assertIndexed();
  const asOf = await books.asOfChains(chainId, args.at);
  const feeds = (await allPriceFeeds(context)).filter(
    (feed) =>
      asOf.has(feed.chainId) &&
      feed.asset === (asset ?? feed.asset) &&
      feed.currency === (currency ?? feed.currency) &&
      feed.aggregator === (aggregator ?? feed.aggregator),
  );
  const windows = await readOperationWindows(db, { tokens: feeds, asOf, block, timestamp });
  const query = { windows, filter: {}, direction: args.direction };
  const byNumber = new Map(feeds.map((feed) => [feed.number, feed]));
  return connection({
    page: await readOperationPage(db, PRICE_ROUNDS, query, request),
    codec,
    asOf: [...asOf.values()],
    keyOf: operationKey,
    toNode(row: PriceRoundRecord) {
      const feed = byNumber.get(row.tokenNumber);
      if (feed === undefined) throw new RangeError(`a row of feed ${row.tokenNumber}, unasked`);
      return priceRoundNode(feed, row);
    },
    count: () => countOperations(db, PRICE_ROUNDS, query),
  });
}
