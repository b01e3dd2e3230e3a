import { pricedCurrencies } from '../../ledger/priceRoute.js';
import type { ArraySql } from '../../store/read/prices/priceRoutes.js';
import {
  PRICE_SQL,
  type PricedEntry,
  priceJoins,
  valueSql,
} from '../../store/read/prices/priceSql.js';
import { readPriceFeeds } from '../../store/read/prices/prices.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { badOption } from '../exportErrors.js';
import { column, time } from './columns.js';
import type { Column, Dataset } from './dataset.js';
import type { ExportScope } from './scope.js';
import { hexText, textLiteral } from './sqlText.js';

const CURRENCY = /^[A-Z][A-Z0-9]{1,9}$/;

/** Where the entry stands whose amount is to be priced: SQL without the currency. */
export type PricedSqlPlace = Omit<PricedEntry, 'currency'>;

/** An operation `o` in the books `b` of a token, in one asset. */
export const BOOKED_OPERATION: PricedSqlPlace = {
  chainId: 'b.chain_id',
  asset: 'b.asset',
  block: 'o.block_number',
  transactionIndex: 'o.transaction_index',
  time: 'o."timestamp"',
};

/** @throws ImoError `EXPORT_BAD_OPTION` */
export function parseCurrency(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (CURRENCY.test(text)) return text;
  throw badOption(`"currency" is "${text}"`, 'It must be the code of a currency: USD.');
}

/** The columns of an export: with values if the request has a currency. */
export function columnsOf({
  dataset,
  currency,
}: {
  readonly dataset: Dataset;
  readonly currency: string | null;
}): readonly Column[] {
  return currency === null ? dataset.columns : (dataset.priced?.(currency) ?? dataset.columns);
}

/** Joins for the FROM of a dataset whose columns tell values; none if nobody asks for them. */
export function pricesFor({ currency, routes }: ExportScope, place: PricedSqlPlace): string {
  if (currency === null) return '';
  return priceJoins({ ...place, currency: textLiteral(currency) }, routes, literalArray);
}

const literalArray: ArraySql = (values, type) =>
  `ARRAY[${values.map((value) => (value === null ? 'NULL' : textLiteral(String(value)))).join(', ')}]::${type}[]`;

/** What an amount in its asset's smallest unit was worth, and by which round. */
export function valueColumns(
  currency: string,
  amount: { readonly name: string; readonly sql: string },
): Column[] {
  const code = currency.toLowerCase();
  const inCurrency = { isNullable: true, unit: currency };
  const plot = 'rounded to the nearest double: for plots, never for sums that must be exact.';
  const value = valueSql(amount.sql);
  return [
    column(
      `value_${code}`,
      'decimal',
      value,
      `What \`${amount.name}\` was worth at the time. Null if unknown.`,
      inCurrency,
    ),
    column(
      `value_${code}_f64`,
      'double',
      `(${value})::double precision`,
      `\`value_${code}\`, ${plot}`,
      inCurrency,
    ),
    column(
      `price_${code}`,
      'decimal',
      PRICE_SQL,
      'Price of one whole unit of the asset: the newest round before the transaction. Where several feeds are crossed, their quotient has 18 digits after the point.',
      inCurrency,
    ),
    ...provenanceColumns(code),
  ];
}

/** By which rounds an entry has its price, or why it has none. */
function provenanceColumns(code: string): Column[] {
  const held = (sql: string) => `CASE WHEN price_of.missing IS NULL THEN ${sql} END`;
  const maybe = { isNullable: true };
  return [
    column(
      `price_round_${code}`,
      'uint256',
      held('price_leg_1.round_id::text'),
      "The aggregator's id of that round; where feeds are crossed, that of the asset's feed.",
      maybe,
    ),
    time(
      `price_time_${code}`,
      held('to_timestamp(price_leg_1.updated_at::double precision)'),
      'The time that the round states, UTC.',
      maybe,
    ),
    column(
      `price_feed_${code}`,
      'address',
      held(hexText('price_leg_1.aggregator')),
      'The aggregator that logged the round.',
      maybe,
    ),
    column(
      `price_crossed_${code}`,
      'text',
      held('price_of.crossed'),
      'The other feeds that the price is made of, with their rounds. Null where one feed gives it.',
      maybe,
    ),
    column(
      `no_price_${code}`,
      'text',
      'price_of.missing',
      `Why \`value_${code}\` is null: no-feed, no-round, not-positive, stale, later or too-small.`,
      maybe,
    ),
  ];
}

/** @throws ImoError `EXPORT_BAD_OPTION` if nothing is priced in the currency: a typing error. */
export async function assertPriced(db: Queryable, currency: string | null): Promise<void> {
  if (currency === null) return;
  const known = pricedCurrencies(await readPriceFeeds(db));
  if (known.includes(currency)) return;
  throw badOption(
    `no price in ${currency} is indexed`,
    known.length === 0
      ? 'Name a feed under `prices` in imo.yaml.'
      : `Prices are known in ${known.join(', ')}; name other feeds under \`prices\` in imo.yaml.`,
  );
}
