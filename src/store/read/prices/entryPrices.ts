import {
  crossedPrice,
  type NoPrice,
  noPriceReason,
  type PriceRound,
  type UnitPrice,
} from '../../../ledger/price.js';
import type { RouteLeg } from '../../../ledger/priceRoute.js';
import type { PriceFeed } from '../../registry/priceFeeds.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import { type ChainRoute, type PriceRoutes, readPriceRoutes } from './priceRoutes.js';
import { priceJoins } from './priceSql.js';

/** An entry to be priced. */
export interface PriceKey {
  readonly chainId: number;
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly currency: string;
  readonly block: number;
  /** `null` for money without a transaction, which comes at the end of its block. */
  readonly transactionIndex: number | null;
  /** Time of the block. */
  readonly timestamp: Date;
}

/** A round, as its aggregator counts it. */
export type NumberedRound = PriceRound & { readonly roundId: bigint };

/** A feed of a price, with the round that gave it. */
export interface PricedLeg extends RouteLeg<PriceFeed> {
  readonly round: NumberedRound;
}

/** A price, or why there is none. */
export type EntryPrice =
  | {
      readonly missing: NoPrice;
      /** The feed whose round is not a price; `null`: not the fault of one feed. */
      readonly feed: PriceFeed | null;
    }
  | {
      readonly missing: null;
      readonly currency: string;
      /** The feed of the asset, with its round: the first leg. */
      readonly feed: PriceFeed;
      readonly round: NumberedRound;
      /** Of one whole unit of the asset, in the currency. */
      readonly price: UnitPrice;
      /** All feeds that it is made of. */
      readonly legs: readonly PricedLeg[];
    };

/** `leg_1`, `round_id_1`, `answer_1`, `updated_at_1` and so on; null where there is none. */
type Row = Readonly<Record<string, string | number | null>>;

/**
 * Returns the price of each entry, in the order of the keys: by the newest round of each feed of its
 * route in an earlier transaction. One statement reads the feeds, another one all rounds.
 */
export async function readEntryPrices(
  db: Queryable,
  keys: readonly PriceKey[],
): Promise<EntryPrice[]> {
  const routes = await readPriceRoutes(db, new Set(keys.map(({ currency }) => currency)));
  const parameters = new Parameters();
  const array = (values: readonly unknown[], type: string) =>
    `${parameters.add(values)}::${type}[]`;
  const columns = Array.from({ length: routes.legs }, (_, index) => index + 1).map(
    (leg) => `price_route.leg_${leg}, price_leg_${leg}.round_id AS round_id_${leg},
      price_leg_${leg}.answer AS answer_${leg}, price_leg_${leg}.updated_at AS updated_at_${leg}`,
  );
  const items = [
    array(
      keys.map(({ chainId }) => chainId),
      'bigint',
    ),
    array(
      keys.map(({ asset }) => asset),
      'text',
    ),
    array(
      keys.map(({ currency }) => currency),
      'text',
    ),
    array(
      keys.map(({ block }) => block),
      'bigint',
    ),
    array(
      keys.map(({ transactionIndex }) => transactionIndex),
      'integer',
    ),
    array(
      keys.map(({ timestamp }) => timestamp),
      'timestamptz',
    ),
  ];
  const joins = priceJoins(
    {
      chainId: 'k.chain_id',
      asset: 'k.asset',
      currency: 'k.currency',
      block: 'k.block',
      transactionIndex: 'k.transaction_index',
      time: 'k.time',
    },
    routes,
    array,
  );
  const rows = await readComposedRows<Row>(
    db,
    'entry_prices',
    `SELECT ${columns.join(', ')}
     FROM unnest(${items.join(', ')})
       WITH ORDINALITY AS k(chain_id, asset, currency, block, transaction_index, time, ordinal)
     ${joins} ORDER BY k.ordinal`,
    parameters,
  );
  return keys.map((key, index) => priceOf(key, routes, rows[index] ?? {}));
}

function priceOf(key: PriceKey, routes: PriceRoutes, row: Row): EntryPrice {
  const route = row.leg_1 == null ? undefined : routes.all.find((one) => isRouteOf(one, key));
  if (route === undefined) return { missing: 'no-feed', feed: null };
  const time = BigInt(Math.floor(key.timestamp.getTime() / 1000));
  const legs: PricedLeg[] = [];
  for (const [index, { feed, isInverse }] of route.legs.entries()) {
    const round = roundOf(feed, row, index + 1);
    const missing = noPriceReason(round, time, feed.staleAfterSeconds);
    if (missing !== null || round === null) return { missing: missing ?? 'no-round', feed };
    legs.push({ feed, isInverse, round });
  }
  const [first] = legs;
  const price = crossedPrice(legs.map(({ round, isInverse }) => ({ ...round, isInverse })));
  if (first === undefined) return { missing: 'no-feed', feed: null };
  if (price === null) return { missing: 'too-small', feed: null };
  const { feed, round } = first;
  return { missing: null, currency: route.currency, feed, round, price, legs };
}

function isRouteOf(
  { chainId, asset, currency, fromBlock, toBlock }: ChainRoute,
  key: PriceKey,
): boolean {
  return (
    chainId === key.chainId &&
    asset === key.asset &&
    currency === key.currency &&
    fromBlock <= key.block &&
    (toBlock === null || key.block < toBlock)
  );
}

function roundOf({ decimals }: PriceFeed, row: Row, leg: number): NumberedRound | null {
  const roundId = row[`round_id_${leg}`];
  const answer = row[`answer_${leg}`];
  const updatedAt = row[`updated_at_${leg}`];
  if (roundId == null || answer == null || updatedAt == null) return null;
  return {
    roundId: BigInt(roundId),
    answer: BigInt(answer),
    decimals,
    updatedAt: BigInt(updatedAt),
  };
}
