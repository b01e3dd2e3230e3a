import type { NoPrice } from '../../../ledger/price.js';
import { pricedCells } from '../prices/pricedCells.js';
import type { PriceRoutes } from '../prices/priceRoutes.js';
import { readPriceLines } from '../prices/priceTimeline.js';
import { readComposedBranches } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters } from '../query/statement.js';
import type { OperationColumns, OperationKind, OperationRecord } from './operation.js';
import { querySource, whereAll, windowBranches } from './operationSelect.js';
import type { TotalsQuery, TotalsRow } from './operationTotals.js';

/** What is valued, over which operations and in which groups. */
export interface ValuesQuery<Filter> extends TotalsQuery<Filter> {
  /** To the currency. */
  readonly routes: PriceRoutes;
  /** What the measures are in: an expression over the rows `o` of a window `w`. */
  asset(parameters: Parameters): string;
}

/** What the amounts of one measure were worth, each at the price of its entry. */
export interface MeasureValue {
  /** Entries with an amount other than 0. */
  readonly count: number;
  readonly amount: bigint;
  /** Exact; `null` where the entries have no price. */
  readonly value: string | null;
}

/** The entries of a group and step that have a price, or that have none for the same reason. */
export interface ValuesRow extends Pick<TotalsRow, 'from' | 'chainId' | 'keys'> {
  readonly asset: string;
  /** `null`: they have a price. */
  readonly missing: NoPrice | null;
  /** The number of the feed whose round is not a price. */
  readonly missingFeed: number | null;
  readonly first: Date;
  readonly last: Date;
  /** In the order of the measures. */
  readonly measures: readonly MeasureValue[];
}

interface Row {
  readonly from: Date | null;
  readonly chain_id: number;
  readonly asset: string;
  readonly missing: NoPrice | null;
  readonly missing_feed: number | null;
  readonly first: Date;
  readonly last: Date;
  readonly [column: string]: unknown;
}

/**
 * Adds up what operations were worth, each by the newest rounds before its transaction, in the
 * groups of `readOperationTotals`. The database adds them up exactly; what has no price is apart.
 *
 * @throws ImoError `TOO_MANY_ROUNDS`
 */
export async function readOperationValues<
  Columns extends OperationColumns,
  Row_ extends OperationRecord,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row_, Filter>,
  query: ValuesQuery<Filter>,
): Promise<ValuesRow[]> {
  const { windows, measures, groups, interval, limit, routes } = query;
  if (windows.length === 0) return [];
  const parameters = new Parameters();
  const step = `date_trunc(${parameters.add(interval)}::text, o."timestamp", 'UTC')`;
  const source = querySource(kind, query, parameters, 'ASC');
  const priced = pricedCells(
    await readPriceLines(db, routes, windows),
    {
      chainId: 'w.chain_id',
      asset: 'a.asset',
      block: 'o.block_number',
      transactionIndex: 'o.transaction_index',
      time: 'o."timestamp"',
    },
    parameters,
  );
  const columns = [
    `${step} AS "from"`,
    'w.chain_id AS chain_id',
    'a.asset',
    `${priced.missing} AS missing`,
    `${priced.missingFeed} AS missing_feed`,
    ...groups.map((group, index) => `${group} AS key_${index}`),
    'min(o."timestamp") AS first',
    'max(o."timestamp") AS last',
    ...measures.flatMap((measure, index) => [
      `count(*) FILTER (WHERE ${measure} <> 0) AS count_${index}`,
      `coalesce(sum(${measure}), 0) AS amount_${index}`,
      `${priced.sum(measure)} AS value_${index}`,
    ]),
  ];
  const places = Array.from({ length: 5 + groups.length }, (_, index) => index + 1).join(', ');
  const limited = `ORDER BY ${places} LIMIT ${parameters.add(limit)}`;
  const rows = await readComposedBranches<Row>(
    db,
    `${kind.table}_values`,
    await windowBranches(
      db,
      windows,
      `SELECT ${columns.join(', ')}
       FROM (SELECT o.* FROM ${source.from} ${whereAll(source.where)}) o
       CROSS JOIN LATERAL (SELECT ${query.asset(parameters)} AS asset) a
       ${priced.joins}
       GROUP BY ${places}`,
      parameters,
    ),
    (union) =>
      windows.length === 1
        ? `${union} ${limited}`
        : `SELECT ${sumsOf(query).join(', ')} FROM (${union}) p GROUP BY ${places} ${limited}`,
    parameters,
  );
  return rows.map((row) => ({
    from: row.from,
    chainId: row.chain_id,
    keys: groups.map((_, index) => row[`key_${index}`]),
    asset: row.asset,
    missing: row.missing,
    missingFeed: row.missing_feed,
    first: row.first,
    last: row.last,
    measures: measures.map((_, index) => ({
      count: Number(row[`count_${index}`]),
      amount: BigInt(String(row[`amount_${index}`])),
      value: row.missing === null ? String(row[`value_${index}`] ?? '0') : null,
    })),
  }));
}

/** What the entries of several tokens were worth, of the sums of each. */
function sumsOf({ measures, groups }: Pick<TotalsQuery<unknown>, 'measures' | 'groups'>): string[] {
  return [
    ...['"from"', 'chain_id', 'asset', 'missing', 'missing_feed'].map((name) => `p.${name}`),
    ...groups.map((_, index) => `p.key_${index}`),
    'min(p.first) AS first',
    'max(p.last) AS last',
    ...measures.flatMap((_, index) => [
      `sum(p.count_${index}) AS count_${index}`,
      `sum(p.amount_${index}) AS amount_${index}`,
      `trim_scale(sum(p.value_${index}::numeric))::text AS value_${index}`,
    ]),
  ];
}
