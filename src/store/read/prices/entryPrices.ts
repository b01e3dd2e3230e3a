import { type NoPrice, noPriceReason, type PriceRound } from '../../../ledger/price.js';
import {
  decodePriceFeed,
  PRICE_FEED,
  type PriceFeedColumns,
} from '../../../model/tables/priceFeed.js';
import type { PriceFeed } from '../../registry/priceFeeds.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';
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

/** A price, or why there is none. */
export type EntryPrice =
  | { readonly missing: NoPrice }
  | {
      readonly missing: null;
      readonly feed: PriceFeed;
      readonly round: PriceRound & { readonly roundId: bigint };
    };

interface RoundColumns {
  readonly round_id: string | null;
  readonly answer: string | null;
  readonly updated_at: string | null;
}

/** Without a feed, all columns are null. */
type Row = (PriceFeedColumns & RoundColumns) | { readonly number: null };

const ENTRY_PRICES = `SELECT ${rowColumns(PRICE_FEED, 'price_feed_of').join(', ')},
    price_round_of.round_id, price_round_of.answer, price_round_of.updated_at
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::integer[])
    WITH ORDINALITY AS k(chain_id, asset, currency, block, transaction_index, ordinal)
  ${priceJoins({
    chainId: 'k.chain_id',
    asset: 'k.asset',
    currency: 'k.currency',
    block: 'k.block',
    transactionIndex: 'k.transaction_index',
    time: 'NULL',
  })}
  ORDER BY k.ordinal`;

/**
 * Returns the price of each entry, in the order of the keys, by one statement: the newest round of
 * its asset's feed in an earlier transaction.
 */
export async function readEntryPrices(
  db: Queryable,
  keys: readonly PriceKey[],
): Promise<EntryPrice[]> {
  const rows = await readRows<Row>(db, 'entry_prices', ENTRY_PRICES, [
    keys.map(({ chainId }) => chainId),
    keys.map(({ asset }) => asset),
    keys.map(({ currency }) => currency),
    keys.map(({ block }) => block),
    keys.map(({ transactionIndex }) => transactionIndex),
  ]);
  return keys.map((key, index) => priceOf(key, rows[index]));
}

function priceOf({ timestamp }: PriceKey, row: Row | undefined): EntryPrice {
  if (row === undefined || row.number === null) return { missing: 'no-feed' };
  const feed = decodePriceFeed(row);
  const round = roundOf(row);
  const time = BigInt(Math.floor(timestamp.getTime() / 1000));
  const missing = noPriceReason(round, time, feed.staleAfterSeconds);
  if (missing !== null || round === null) return { missing: missing ?? 'no-round' };
  return { missing: null, feed, round };
}

function roundOf(
  row: PriceFeedColumns & RoundColumns,
): (PriceRound & { readonly roundId: bigint }) | null {
  const { round_id: roundId, answer, updated_at: updatedAt } = row;
  if (roundId === null || answer === null || updatedAt === null) return null;
  return {
    roundId: BigInt(roundId),
    answer: BigInt(answer),
    decimals: row.decimals,
    updatedAt: BigInt(updatedAt),
  };
}
