import { type Address, addressBytes } from '../../address.js';
import { quotedColumns } from '../../model/table.js';
import {
  decodePriceFeed,
  PRICE_FEED,
  type PriceFeedColumns,
  type PriceFeedRow,
} from '../../model/tables/priceFeed.js';
import type { SqlClient } from '../database/sqlClient.js';
import { priceFeedId } from '../ids.js';
import { nextNumber } from './contracts.js';
import { insertRow } from './insertRow.js';

/** A feed that is indexed. */
export type PriceFeed = Omit<PriceFeedRow, 'id'>;

/** A feed of prices, before it has a number. */
export type NewPriceFeed = Omit<PriceFeed, 'number' | 'chainId'>;

/** The feeds of a chain, oldest first. */
export async function readChainFeeds(db: SqlClient, chainId: number): Promise<PriceFeed[]> {
  const { rows } = await db.query<PriceFeedColumns>(
    `SELECT ${quotedColumns(PRICE_FEED).join(', ')} FROM price_feed WHERE chain_id = $1
     ORDER BY start_block, number`,
    [chainId],
  );
  return rows.map(decodePriceFeed);
}

export async function insertPriceFeed(
  db: SqlClient,
  chainId: number,
  feed: NewPriceFeed,
): Promise<PriceFeed> {
  const number = await nextNumber(db);
  const id = priceFeedId(chainId, feed);
  await insertRow<PriceFeedRow>(db, PRICE_FEED, { ...feed, id, number, chainId });
  return { ...feed, number, chainId };
}

/** Takes over from the config when a round is too old to be a price. */
export async function setStaleAfter(
  db: SqlClient,
  { number }: PriceFeed,
  seconds: number | null,
): Promise<void> {
  await db.query('UPDATE price_feed SET stale_after_seconds = $2 WHERE number = $1', [
    number,
    seconds,
  ]);
}

/** Removes a feed with all its rounds. Nothing that is hashed or audited goes with it. */
export async function forgetPriceFeed(db: SqlClient, { number }: PriceFeed): Promise<void> {
  await db.query('DELETE FROM price_round WHERE feed_number = $1', [number]);
  await db.query('DELETE FROM price_feed WHERE number = $1', [number]);
}

/**
 * Forgets the feeds that come from an aggregator, with all phases of a proxy before it, and that it was
 * held, in one transaction.
 */
export async function forgetHeldFeed(
  db: SqlClient,
  chainId: number,
  aggregator: Address,
): Promise<void> {
  await db.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    const feeds = await readChainFeeds(db, chainId);
    const own = feeds.filter((feed) => feed.aggregator === aggregator);
    const configured = new Set(own.map((feed) => feed.configured));
    for (const feed of feeds) if (configured.has(feed.configured)) await forgetPriceFeed(db, feed);
    await db.query(
      `DELETE FROM contract_hold WHERE chain_id = $1 AND address = $2 AND kind = 'feed'`,
      [chainId, addressBytes(aggregator)],
    );
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
