import { type NoPrice, sumOfDecimals } from '../../ledger/price.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type {
  OperationColumns,
  OperationKind,
  OperationRecord,
} from '../../store/read/operations/operation.js';
import type { TotalsQuery } from '../../store/read/operations/operationTotals.js';
import {
  readOperationValues,
  type ValuesQuery,
  type ValuesRow,
} from '../../store/read/operations/operationValues.js';
import { readPriceRoutes } from '../../store/read/prices/priceRoutes.js';
import type { PriceFeed } from '../../store/registry/priceFeeds.js';
import { allPriceFeeds } from '../lists/priceFeeds.js';
import { assertCurrency } from '../objects/prices/entryValue.js';
import { momentValue } from '../objects/prices/momentValue.js';
import {
  type MissingPriceType,
  type ValueSumType,
  valueOfNothing,
} from '../objects/prices/valueSum.js';
import type { ApiContext } from '../request/context.js';
import type { ValueBasis } from '../values/priceEnums.js';
import { groupName, type SeriesRow } from './timeSeries.js';

/** A measure that is money. */
export interface MoneyMeasure<Owner> {
  /** Its place among the measures. */
  readonly index: number;
  readonly sql: string;
  /** What it is in: an expression over the rows `o` of a window `w`. */
  readonly asset: ValuesQuery<unknown>['asset'];
  /**
   * The same of a row of totals, as `native` or an address; `null`: nothing is known.
   *
   * @param ownerNumber of the owner that the row is of; `null`: it is of all of them on its chain
   */
  assetOf(
    row: SeriesRow,
    owners: ReadonlyMap<number, Owner>,
    ownerNumber: number | null,
  ): string | null;
}

/** In what the totals of a series are valued, and how. */
export interface ValuesRequest<Owner> {
  readonly currency: string;
  readonly basis: ValueBasis;
  readonly isCumulative: boolean;
  readonly money: readonly MoneyMeasure<Owner>[];
  readonly owners: ReadonlyMap<number, Owner>;
  /** Place of the number of the owner among the keys of a row; `null`: rows are not grouped by it. */
  readonly ownerKey: number | null;
  /** The moments of the answer, by chain. */
  readonly chains: ReadonlyMap<number, AsOf>;
}

/** The value of each measure of each row; `null` of what is not money. */
export type TotalsValues = readonly (ReadonlyMap<number, ValueSumType> | undefined)[];

/** Reasons times feeds: more rows of values than of totals. */
const REASONS_AT_MOST = 4;

/**
 * Values the rows of a series: each entry at its own price, added up by the database, or each sum
 * at the price of the moment of the answer.
 *
 * @throws GraphQLError `BAD_CURRENCY`; ImoError `QUERY_TOO_LARGE`
 */
export async function totalsValues<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
  Owner,
>(
  context: ApiContext,
  kind: OperationKind<Columns, Row, Filter>,
  query: TotalsQuery<Filter>,
  series: readonly SeriesRow[],
  request: ValuesRequest<Owner>,
): Promise<TotalsValues> {
  assertCurrency(request.currency);
  return request.basis === 'at-moment'
    ? atMoment(context, series, request)
    : atEachEntry(context, kind, query, series, request);
}

async function atMoment<Owner>(
  context: ApiContext,
  series: readonly SeriesRow[],
  { currency, money, chains, owners, ownerKey }: ValuesRequest<Owner>,
): Promise<TotalsValues> {
  return Promise.all(
    series.map(async (row) => {
      const asOf = chains.get(row.chainId);
      if (asOf === undefined) return undefined;
      const values = new Map<number, ValueSumType>();
      for (const measure of money) {
        const number = ownerKey === null ? null : Number(row.keys[ownerKey]);
        const asset = measure.assetOf(row, owners, number);
        const { sum: amount } = row.amounts[measure.index] ?? { sum: 0n };
        if (asset === null) continue;
        values.set(measure.index, await momentValue(context, { asOf, asset, amount }, currency));
      }
      return values;
    }),
  );
}

async function atEachEntry<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
  Owner,
>(
  context: ApiContext,
  kind: OperationKind<Columns, Row, Filter>,
  query: TotalsQuery<Filter>,
  series: readonly SeriesRow[],
  { currency, money, isCumulative }: ValuesRequest<Owner>,
): Promise<TotalsValues> {
  const routes = await readPriceRoutes(context.db, [currency]);
  const feeds = new Map((await allPriceFeeds(context)).map((feed) => [feed.number, feed]));
  const values = series.map(() => new Map<number, ValueSumType>());
  for (const asset of new Set(money.map((measure) => measure.asset))) {
    const measures = money.filter((measure) => measure.asset === asset);
    const rows = await readOperationValues(context.db, kind, {
      ...query,
      routes,
      asset,
      measures: measures.map(({ sql }) => sql),
      limit: query.limit * REASONS_AT_MOST,
    });
    context.budget.spendRows(rows.length);
    const byStep = new Map<string, ValuesRow[]>();
    for (const row of rows) byStep.set(stepName(row), [...(byStep.get(stepName(row)) ?? []), row]);
    const sofar = new Map<string, ValuesRow[]>();
    for (const [at, row] of series.entries()) {
      const own = byStep.get(stepName(row)) ?? [];
      const before = sofar.get(groupName(row)) ?? [];
      const all = isCumulative ? condensed([...before, ...own]) : own;
      if (isCumulative) sofar.set(groupName(row), all);
      for (const [place, { index }] of measures.entries()) {
        values[at]?.set(index, sumValue(all, place, currency, feeds));
      }
    }
  }
  return values;
}

function stepName(row: Pick<ValuesRow, 'from' | 'chainId' | 'keys'>): string {
  return `${row.from?.getTime()} ${groupName(row)}`;
}

/** One row for each reason: a running sum stays as short as the reasons are few. */
function condensed(rows: readonly ValuesRow[]): ValuesRow[] {
  const byReason = new Map<string, ValuesRow>();
  for (const row of rows) {
    const name = `${row.asset} ${row.missing} ${row.missingFeed}`;
    const known = byReason.get(name);
    byReason.set(name, known === undefined ? row : joined(known, row));
  }
  return [...byReason.values()];
}

function joined(one: ValuesRow, other: ValuesRow): ValuesRow {
  return {
    ...one,
    first: new Date(Math.min(Number(one.first), Number(other.first))),
    last: new Date(Math.max(Number(one.last), Number(other.last))),
    measures: one.measures.map(({ count, amount, value }, index) => {
      const more = other.measures[index] ?? { count: 0, amount: 0n, value: null };
      return {
        count: count + more.count,
        amount: amount + more.amount,
        value: value === null ? null : sumOfDecimals([value, more.value ?? '0']),
      };
    }),
  };
}

function sumValue(
  rows: readonly ValuesRow[],
  place: number,
  currency: string,
  feeds: ReadonlyMap<number, PriceFeed>,
): ValueSumType {
  const parts = rows.flatMap((row) => {
    const measure = row.measures[place];
    return measure === undefined || measure.count === 0 ? [] : [{ row, measure }];
  });
  const nothing = valueOfNothing(currency, 'at-each-entry', null);
  if (parts.length === 0) return nothing;
  const known = parts.flatMap(({ measure: { value } }) => (value === null ? [] : [value]));
  const missing = parts.flatMap(({ row, measure }) =>
    row.missing === null ? [] : [missingOf(row, row.missing, measure, feeds)],
  );
  const sum = known.length === 0 ? null : sumOfDecimals(known);
  return {
    ...nothing,
    amount: missing.length === 0 ? sum : null,
    known: sum,
    amounts: parts.reduce((all, { measure: { count } }) => all + count, 0),
    missingAmounts: missing.reduce((all, { amounts }) => all + amounts, 0),
    missing,
  };
}

function missingOf(
  { chainId, asset, missingFeed, first, last }: ValuesRow,
  reason: NoPrice,
  { count, amount }: ValuesRow['measures'][number],
  feeds: ReadonlyMap<number, PriceFeed>,
): MissingPriceType {
  const feed = missingFeed === null ? null : (feeds.get(missingFeed) ?? null);
  return { chainId, asset, reason, feed, amounts: count, sum: amount, first, last };
}
