import { QUOTIENT_DECIMALS } from '../../../ledger/price.js';
import { lastOperationSql, numberSql } from '../../ids.js';
import { type ArraySql, type PriceRoutes, routeItem } from './priceRoutes.js';

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
 * Joins after a FROM item. For each of its rows there is one row or none of each of:
 * - `price_route`: the feeds that lead from the asset to the currency at its block,
 * - `price_leg_1` and so on: the feed, the newest round of it before the transaction (`round_id`,
 * `answer`, `updated_at`; none while the feed is held), and `missing`: why that is not a price,
 * - `price_of`: `missing`, the reason why nothing is known, with `missing_feed`, the number
 * of the feed at fault; else the exact `price` of one whole unit, and `crossed`: the feeds after the first.
 *
 * No name in them is a name of an entry: they all start with `price_`.
 *
 * @param array how the values of routes get into the text
 */
export function priceJoins(entry: PricedEntry, routes: PriceRoutes, array: ArraySql): string {
  const legs = legNumbers(routes);
  return `
    LEFT JOIN ${routeItem(routes, array)} ON price_route.chain_id = ${entry.chainId}
      AND price_route.asset = ${entry.asset} AND price_route.currency = ${entry.currency}
      AND price_route.from_block <= ${entry.block}
      AND (price_route.to_block IS NULL OR price_route.to_block > ${entry.block})
    ${legs.map((leg) => legJoin(leg, entry)).join('')}
    LEFT JOIN LATERAL (SELECT ${missingSql(legs)} AS missing, ${missingFeedSql(legs)} AS missing_feed,
      ${crossedSql(legs)} AS quotient) AS price_sum ON true
    LEFT JOIN LATERAL (SELECT
      CASE WHEN price_sum.missing IS NOT NULL THEN price_sum.missing
        WHEN price_sum.quotient = 0 THEN 'too-small' END AS missing,
      price_sum.missing_feed, nullif(price_sum.quotient, 0) AS price,
      ${crossingSql(legs)} AS crossed) AS price_of ON true`;
}

function legNumbers({ legs }: PriceRoutes): number[] {
  return Array.from({ length: legs }, (_, index) => index + 1);
}

function legJoin(leg: number, { block, transactionIndex, time }: PricedEntry): string {
  const age = `extract(epoch FROM ${time}) - price_newest.updated_at`;
  return `LEFT JOIN LATERAL (
      SELECT price_feed.*, price_newest.round_id, price_newest.answer, price_newest.updated_at,
        CASE WHEN price_newest.answer IS NULL THEN 'no-round' WHEN price_newest.answer <= 0 THEN 'not-positive'
          WHEN ${age} < 0 THEN 'later' WHEN ${age} > price_feed.stale_after_seconds THEN 'stale'
        END AS missing
      FROM price_feed LEFT JOIN LATERAL (
        SELECT price_round.round_id, price_round.answer, price_round.updated_at FROM price_round
        WHERE price_round.feed_number = price_feed.number AND price_round.id > ${numberSql('price_feed.number')}
          AND price_round.id < ${lastOperationSql('price_feed.number', block)}
          AND (price_round.block_number < ${block} OR price_round.transaction_index IS NULL
            OR ${transactionIndex} IS NULL OR price_round.transaction_index < ${transactionIndex})
          AND NOT EXISTS (SELECT FROM contract_hold price_hold WHERE price_hold.kind = 'feed'
            AND price_hold.chain_id = price_feed.chain_id AND price_hold.address = price_feed.aggregator AND price_hold.last_block < ${block})
        ORDER BY price_round.id DESC LIMIT 1
      ) price_newest ON true
      WHERE price_feed.number = price_route.leg_${leg}
    ) AS price_leg_${leg} ON true
    `;
}

/** A leg that the route has, but no round or no feed any more. */
function legMissing(leg: number): string {
  return `CASE WHEN price_route.leg_${leg} IS NULL THEN NULL WHEN price_leg_${leg}.number IS NULL
    THEN 'no-round' ELSE price_leg_${leg}.missing END`;
}

function missingSql(legs: readonly number[]): string {
  return `CASE WHEN price_route.leg_1 IS NULL THEN 'no-feed'
    ELSE coalesce(${legs.map(legMissing).join(', ')}) END`;
}

function missingFeedSql(legs: readonly number[]): string {
  const cases = legs.map(
    (leg) => `WHEN (${legMissing(leg)}) IS NOT NULL THEN price_route.leg_${leg}`,
  );
  return `CASE ${cases.join(' ')} END`;
}

/** `crossedPrice` of the ledger; 0 where a quotient rounds to zero. */
function crossedSql(legs: readonly number[]): string {
  const answers = (isInverse: string) =>
    legs
      .map(
        (leg) => `CASE WHEN ${isInverse} price_route.is_inverse_${leg} THEN
        coalesce(price_leg_${leg}.answer, 1) ELSE 1 END`,
      )
      .join(' * ');
  const decimals = (isInverse: string) =>
    legs
      .map(
        (leg) => `CASE WHEN ${isInverse} price_route.is_inverse_${leg} THEN
        coalesce(price_leg_${leg}.decimals, 0) ELSE 0 END`,
      )
      .join(' + ');
  const numerator = `(${answers('NOT')}) * ('1e' || (${QUOTIENT_DECIMALS} + ${decimals('')}))::numeric`;
  const denominator = `(${answers('')}) * ('1e' || (${decimals('NOT')}))::numeric`;
  return `CASE WHEN ${missingSql(legs)} IS NOT NULL THEN NULL
    WHEN price_route.is_quotient THEN
      div(2 * ${numerator} + ${denominator}, 2 * ${denominator}) * 1e-${QUOTIENT_DECIMALS}
    ELSE (${answers('NOT')}) * ('1e-' || (${decimals('NOT')}))::numeric END`;
}

/** The feeds after that of the asset, with their rounds; null where there are none. */
function crossingSql(legs: readonly number[]): string {
  const texts = legs.slice(1).map(
    (leg) => `CASE WHEN price_route.leg_${leg} IS NOT NULL THEN
      CASE WHEN price_route.is_inverse_${leg} THEN 'divided by ' ELSE 'times ' END
      || price_leg_${leg}.asset || ' in ' || price_leg_${leg}.currency || ': round '
      || price_leg_${leg}.round_id || ' of 0x' || encode(price_leg_${leg}.aggregator, 'hex') END`,
  );
  return `nullif(concat_ws('; ', NULL${texts.map((text) => `, ${text}`).join('')}), '')`;
}

/** The value of an amount in the smallest unit, exact and without trailing zeros; null where it is not known. */
export function valueSql(amount: string): string {
  return `trim_scale(${amount} * price_of.price * ('1e-' || price_route.asset_decimals)::numeric)::text`;
}

/** The price of one whole unit, exact; null where it is not known. */
export const PRICE_SQL = 'trim_scale(price_of.price)::text';
