import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';
import { priceFeedId } from '../ids.js';
import { nextNumber } from './contracts.js';

/** A feed of prices, before it has a number. */
export interface NewPriceFeed {
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly assetDecimals: number;
  readonly currency: string;
  /** As the config has it: the aggregator, or a proxy before it. */
  readonly configured: Address;
  /** The contract that writes the logs. */
  readonly aggregator: Address;
  /** Of its answers. */
  readonly decimals: number;
  readonly description: string | null;
  /** In force from here on, until another feed of the asset and currency begins. */
  readonly startBlock: number;
  readonly staleAfterSeconds: number | null;
}

/** A feed that is indexed. */
export interface PriceFeed extends NewPriceFeed {
  /** Our number of it; its row ids begin with it. */
  readonly number: number;
  readonly chainId: number;
}

/** Columns of a feed. */
export interface PriceFeedRow {
  readonly number: number;
  readonly chain_id: number;
  readonly asset: string;
  readonly asset_decimals: number;
  readonly currency: string;
  readonly configured: Buffer;
  readonly aggregator: Buffer;
  readonly decimals: number;
  readonly description: string | null;
  readonly start_block: number;
  readonly stale_after_seconds: number | null;
}

/** Columns of `price_feed` that `decodePriceFeed` reads. */
export const PRICE_FEED_COLUMNS =
  'number, chain_id, asset, asset_decimals, currency, configured, aggregator, decimals, description, start_block, stale_after_seconds';

export function decodePriceFeed(row: PriceFeedRow): PriceFeed {
  return {
    number: row.number,
    chainId: row.chain_id,
    asset: row.asset,
    assetDecimals: row.asset_decimals,
    currency: row.currency,
    configured: addressFromBytes(row.configured),
    aggregator: addressFromBytes(row.aggregator),
    decimals: row.decimals,
    description: row.description,
    startBlock: row.start_block,
    staleAfterSeconds: row.stale_after_seconds,
  };
}

/** The feeds of a chain, oldest first. */
export async function readChainFeeds(db: SqlClient, chainId: number): Promise<PriceFeed[]> {
  const { rows } = await db.query<PriceFeedRow>(
    `SELECT ${PRICE_FEED_COLUMNS} FROM price_feed WHERE chain_id = $1
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
  await db.query(
    `INSERT INTO price_feed (id, number, chain_id, asset, asset_decimals, currency, configured,
       aggregator, decimals, description, start_block, stale_after_seconds)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      priceFeedId(chainId, feed),
      number,
      chainId,
      feed.asset,
      feed.assetDecimals,
      feed.currency,
      addressBytes(feed.configured),
      addressBytes(feed.aggregator),
      feed.decimals,
      feed.description,
      feed.startBlock,
      feed.staleAfterSeconds,
    ],
  );
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
