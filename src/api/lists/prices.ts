import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { PRICE_ROUND } from '../../model/tables/priceRound.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { FEED_DECIMALS, LAST_SECOND, PRICE_ROUNDS } from '../../store/read/prices/prices.js';
import type { PriceFeed } from '../../store/registry/priceFeeds.js';
import { PriceFeedType, priceRoundNode } from '../objects/prices/price.js';
import type { ApiContext } from '../request/context.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, optional, shown } from './engine/field.js';
import { ADDRESS, AMOUNT, COUNT, DECIMAL, PRICED_ASSET, TEXT, TIME } from './engine/fieldKinds.js';
import { CHAIN_FILTER, PLACE, TIME_FILTER } from './engine/operationFields.js';
import { allPriceFeeds } from './priceFeeds.js';

const { columns } = PRICE_ROUND;

const { id, block, timestamp, transactionHash, transactionIndex, position } = PLACE;

/** The rounds of all feeds. */
export const PRICE_ROUND_LIST = defineOperations({
  name: 'Price',
  query: { name: 'prices', text: 'What price feeds said: every round of them.' },
  rows: 'rounds of price feeds',
  type: { name: 'PriceRound', text: 'A round of a price feed, as its aggregator logged it.' },
  reader: PRICE_ROUNDS,
  owners: {
    fields: {
      asset: { kind: PRICED_ASSET, text: 'What is priced.', of: ({ asset }: PriceFeed) => asset },
      currency: {
        kind: TEXT,
        text: 'Code of the currency.',
        of: ({ currency }: PriceFeed) => currency,
      },
      aggregator: {
        kind: ADDRESS,
        text: 'The aggregator, which logs the rounds.',
        of: ({ aggregator }: PriceFeed) => aggregator,
      },
    },
    async ownersOf(
      context: ApiContext,
      chains: ReadonlyMap<number, AsOf>,
      {
        asset,
        currency,
        aggregator,
      }: {
        readonly asset?: string | null;
        readonly currency?: string | null;
        readonly aggregator?: Address | null;
      },
    ): Promise<PriceFeed[]> {
      const all = await allPriceFeeds(context);
      const found = all.filter(
        (feed) =>
          chains.has(feed.chainId) &&
          feed.asset === (asset ?? feed.asset) &&
          feed.currency === (currency ?? feed.currency) &&
          feed.aggregator === (aggregator ?? feed.aggregator),
      );
      const named = asset ?? currency ?? aggregator;
      if (found.length === 0 && named != null) throw unknownFeed(named, all);
      return found;
    },
  },
  toNode: (row, feed) => priceRoundNode(feed, row),
  fields: {
    id,
    feed: shown(PriceFeedType, 'The feed that it is of.'),
    block,
    timestamp,
    transactionHash: {
      ...transactionHash,
      text: 'Its transaction; null for the round that was the newest when the feed came into force.',
    },
    transactionIndex,
    logIndex: optional(COUNT, 'Index of the log in its block.'),
    position,
    roundId: field(AMOUNT, "The aggregator's number of the round.", columns.roundId),
    answer: field(
      DECIMAL,
      'As received: a whole number, which may be zero or negative.',
      columns.answer,
    ),
    price: optional(
      DECIMAL,
      'Price of one whole unit of the asset; null where the answer is not positive.',
      // A product of decimal numbers is exact; a quotient would be rounded.
      `(CASE WHEN o.answer > 0 THEN o.answer * ('1e-' || ${FEED_DECIMALS})::numeric END)`,
    ),
    updatedAt: optional(
      TIME,
      'When the round says that it was made; null where that is not a valid time.',
      {
        sql: `CASE WHEN o.updated_at <= ${LAST_SECOND} THEN o.updated_at * 1000 END`,
        type: 'numeric',
        encode: (time) => String(time.getTime()),
      },
    ),
  },
  filter: {
    ...CHAIN_FILTER,
    asset: 'Only prices of this asset.',
    currency: 'Only in this currency, as "USD".',
    aggregator: 'Only of this aggregator.',
    ...TIME_FILTER,
  },
  indexed: [],
  amount: 'answer',
});

function unknownFeed(named: string, all: readonly PriceFeed[]): ImoError {
  const currencies = [...new Set(all.map(({ currency }) => currency))].join(', ');
  return new ImoError(
    'UNKNOWN_FEED',
    `no price feed is about ${named}`,
    `The query \`priceFeeds\` lists those that there are${currencies === '' ? '' : `, in ${currencies}`}.`,
  );
}
