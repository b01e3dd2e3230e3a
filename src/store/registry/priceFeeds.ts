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

/** An indexed feed. */
export type PriceFeed = Omit<PriceFeedRow, 'id'>;

/** A price feed that has no number yet. */
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

/** Stores the config's limit for the age of a round. */
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

/** Removes a feed with all its rounds. It removes nothing that is hashed or audited. */
export async function forgetPriceFeed(db: SqlClient, { number }: PriceFeed): Promise<void> {
  await db.query('DELETE FROM price_round WHERE feed_number = $1', [number]);
  await db.query('DELETE FROM price_feed WHERE number = $1', [number]);
}

/**
 * Removes, in one transaction, the feeds of an aggregator with all phases of a proxy in front of
 * it, and the note that it was held.
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
