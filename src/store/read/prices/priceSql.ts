import { lastOperationSql } from '../../ids.js';

/** SQL expressions of an entry that is to be priced. */
export interface PricedEntry {
  readonly chainId: string;
  /** `native`, or the address of an ERC-20 as text. */
  readonly asset: string;
  readonly currency: string;
  readonly block: string;
  /** Null for money without a transaction, which comes at the end of its block. */
  readonly transactionIndex: string;
  /** Time of its block, a timestamptz. */
  readonly time: string;
}

/**
 * LATERAL joins after a FROM item. For each of its rows, each returns one row or none:
 * - `price_feed_of`: the feed in force for it (columns of `price_feed`),
 * - `price_round_of`: the newest round of that feed before its transaction; none while the feed is
 * held.
 *
 * `PRICE_HOLDS` says whether that round is a price.
 */
export function priceJoins(entry: PricedEntry): string {
  return `
    LEFT JOIN LATERAL (
      SELECT f.* FROM price_feed f
      WHERE f.chain_id = ${entry.chainId} AND f.asset = ${entry.asset}
        AND f.currency = ${entry.currency} AND f.start_block <= ${entry.block}
      ORDER BY f.start_block DESC LIMIT 1
    ) AS price_feed_of ON true
    LEFT JOIN LATERAL (
      SELECT r.* FROM price_round r
      WHERE r.feed_number = price_feed_of.number
        AND r.id < ${lastOperationSql('price_feed_of.number', entry.block)}
        AND (r.block_number < ${entry.block} OR r.transaction_index IS NULL
          OR ${entry.transactionIndex} IS NULL OR r.transaction_index < ${entry.transactionIndex})
        AND NOT EXISTS (SELECT FROM contract_hold h WHERE h.kind = 'feed'
          AND h.chain_id = price_feed_of.chain_id AND h.address = price_feed_of.aggregator
          AND h.last_block < ${entry.block})
      ORDER BY r.id DESC LIMIT 1
    ) AS price_round_of ON true`;
}

/** Whether the joined round is the price of the entry, as `noPriceReason` of the ledger says. */
export function priceHolds({ time }: Pick<PricedEntry, 'time'>): string {
  const age = `extract(epoch FROM ${time}) - price_round_of.updated_at`;
  return `coalesce(price_round_of.answer > 0 AND ${age} >= 0
    AND (price_feed_of.stale_after_seconds IS NULL OR ${age} <= price_feed_of.stale_after_seconds),
    false)`;
}

/** The value of an amount in the smallest unit: exact, without trailing zeros. */
export function valueSql(amount: string): string {
  return `trim_scale(${amount} * price_round_of.answer
    * ('1e-' || (price_feed_of.asset_decimals + price_feed_of.decimals))::numeric)::text`;
}

/** The price of one whole unit, exact. */
export const PRICE_SQL = `trim_scale(price_round_of.answer * ('1e-' || price_feed_of.decimals)::numeric)::text`;
