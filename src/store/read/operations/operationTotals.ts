import { readComposedBranches } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters } from '../query/statement.js';
import { haveTotals, keptGroup, keptTotalsItem } from './keptTotals.js';
import type { OperationColumns, OperationKind, OperationRecord } from './operation.js';
import { type OperationQuery, querySource, whereAll, windowBranches } from './operationSelect.js';

/** Steps of the calendar, in UTC; weeks begin on Monday. */
export type Interval = 'hour' | 'day' | 'week' | 'month';

/** What is added up, over which operations and in which groups. */
export interface TotalsQuery<Filter> extends OperationQuery<Filter> {
  /** Expressions over the rows `o` of a window `w`; never built from client input. */
  readonly measures: readonly string[];
  readonly groups: readonly string[];
  /** `null`: one step for all time. */
  readonly interval: Interval | null;
  /** Maximum number of groups that are read. */
  readonly limit: number;
}

/** Sum, smallest and largest value of an amount; `null` if the operations have no amount. */
export interface AmountTotals {
  readonly sum: bigint;
  readonly min: bigint | null;
  readonly max: bigint | null;
}

/** The totals of one group in one step of time. */
export interface TotalsRow {
  /** Start of the step; `null` for all time. */
  readonly from: Date | null;
  readonly chainId: number;
  /** The values of the groups, as the database has them. */
  readonly keys: readonly unknown[];
  readonly count: number;
  /** In the order of the measures. */
  readonly amounts: readonly AmountTotals[];
}

interface Row {
  readonly from: Date | null;
  readonly chain_id: number;
  readonly count: string;
  readonly [column: string]: unknown;
}

/**
 * Adds up operations by chain, group and step of time, oldest step first. Reads all operations of
 * the windows that pass the filter, or the kept days that have their totals.
 */
export async function readOperationTotals<
  Columns extends OperationColumns,
  Row_ extends OperationRecord,
  Filter,
>(
  db: Queryable,
  kind: OperationKind<Columns, Row_, Filter>,
  query: TotalsQuery<Filter>,
): Promise<TotalsRow[]> {
  const { windows, measures, groups, interval, limit } = query;
  if (windows.length === 0) return [];
  const parameters = new Parameters();
  const source = querySource(kind, query, parameters, 'ASC');
  const request = { table: kind.table, source, measures, groups, interval };
  const days =
    kind.keptDays !== undefined && haveTotals(kind.keptDays, request) ? kind.keptDays : null;
  const [time, count] = days === null ? ['o."timestamp"', 'count(*)'] : ['p.day', 'sum(p.count)'];
  const step = `date_trunc(${parameters.add(interval)}::text, ${time}, 'UTC')`;
  const columns = [
    `${step} AS "from"`,
    'w.chain_id AS chain_id',
    ...groups.map((group, index) => {
      return `${days === null ? group : keptGroup(days, group)} AS key_${index}`;
    }),
    `${count} AS count`,
    ...measures.flatMap((measure, index) =>
      ['sum', 'min', 'max'].map((name) => {
        return `${name}(${days === null ? measure : `p.${name}`}) AS ${name}_${index}`;
      }),
    ),
  ];
  const places = ['1', '2', ...groups.map((_, index) => String(index + 3))].join(', ');
  const limited = `ORDER BY ${places} LIMIT ${parameters.add(limit)}`;
  const rows = await readComposedBranches<Row>(
    db,
    `${kind.table}_totals`,
    await windowBranches(
      db,
      windows,
      `SELECT ${columns.join(', ')}
       FROM ${
         days === null
           ? `(SELECT o.* FROM ${source.from} ${whereAll(source.where)}) o`
           : keptTotalsItem(days, kind.table)
       }
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
    count: Number(row.count),
    amounts: measures.map((_, index) => ({
      sum: amountOf(row[`sum_${index}`]) ?? 0n,
      min: amountOf(row[`min_${index}`]),
      max: amountOf(row[`max_${index}`]),
    })),
  }));
}

/** The totals of several tokens, of those of each. */
function sumsOf({ measures, groups }: Pick<TotalsQuery<unknown>, 'measures' | 'groups'>): string[] {
  return [
    'p."from"',
    'p.chain_id',
    ...groups.map((_, index) => `p.key_${index}`),
    'sum(p.count) AS count',
    ...measures.flatMap((_, index) =>
      ['sum', 'min', 'max'].map((name) => `${name}(p.${name}_${index}) AS ${name}_${index}`),
    ),
  ];
}

/** `null` if no amount in the sum is known. */
function amountOf(value: unknown): bigint | null {
  return value === null ? null : BigInt(String(value));
}
