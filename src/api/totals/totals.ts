import { ImoError } from '../../errors.js';
import type { OperationColumns, OperationRecord } from '../../store/read/operations/operation.js';
import {
  type AmountTotals,
  type Interval,
  readOperationTotals,
} from '../../store/read/operations/operationTotals.js';
import { SERIES_ROWS_AT_MOST } from '../limits/cost/seriesSize.js';
import {
  type OperationOwner,
  type OperationSelectionArgs,
  type OperationSet,
  selectedOperations,
} from '../lists/engine/operationSet.js';
import type { ValueSumType } from '../objects/prices/valueSum.js';
import type { ApiContext } from '../request/context.js';
import type { ValueBasis } from '../values/priceEnums.js';
import { seriesRanges } from './seriesRange.js';
import { emptyTotals, fillGaps, groupsOf, type SeriesRow } from './timeSeries.js';
import { type MoneyMeasure, totalsValues } from './totalsValues.js';

/** Something to group totals by. */
export interface TotalsGroup<Owner> {
  /** The field of the answer. */
  readonly field: string;
  /** An expression over the rows `o` of a window `w`. */
  readonly sql: string;
  /** What the field answers; `value` as the database has it. */
  decode(value: unknown, owners: ReadonlyMap<number, Owner>): unknown;
}

/** What is summed, and how it is grouped. */
export interface TotalsPlan<Owner> {
  /** Expressions over the rows, by the field of the answer. */
  readonly measures: Readonly<Record<string, string>>;
  readonly groups: readonly TotalsGroup<Owner>[];
  /** Amounts in different assets are never summed: these always form groups. */
  readonly asset?: TotalsGroup<Owner>;
  /** Fields that are in units of the token that rows belong to: never added up over several tokens. */
  readonly inTokens?: readonly string[];
}

/** The arguments of totals. */
export interface TotalsArgs<Filter> extends OperationSelectionArgs<Filter> {
  readonly interval?: Interval | null;
  readonly cumulative?: boolean;
  /** In which sums are valued; `null`: they are not. */
  readonly currency?: string | null;
  readonly basis?: ValueBasis;
}

/** Totals of one group in one step. */
export interface TotalsNode {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly chainId: number;
  readonly count: number;
  readonly [field: string]: unknown;
}

/**
 * Sums operations by chain, group and step of time; a series has no gaps. Without groups, every
 * chain has its totals, even if nothing happened.
 *
 * @throws ImoError as `selectedOperations`, and `QUERY_TOO_LARGE`; GraphQLError
 *   `WHERE_TOO_LARGE` or `TOO_MANY_STEPS`.
 */
export async function operationTotals<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter extends object,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  Node,
>(
  context: ApiContext,
  set: OperationSet<Columns, Row, Filter, Owner, OwnerFilter, Node>,
  plan: TotalsPlan<Owner>,
  args: TotalsArgs<Filter & OwnerFilter>,
  money: readonly MoneyMeasure<Owner>[],
): Promise<TotalsNode[]> {
  const { interval = null, cumulative = false, currency = null, basis = 'at-each-entry' } = args;
  context.budget.spendPage();
  const { query, owners, chains } = await selectedOperations(context, set, args);
  const groups = plan.asset === undefined ? plan.groups : [plan.asset, ...plan.groups];
  const measures = Object.entries(plan.measures);
  const totalsQuery = {
    ...query,
    measures: measures.map(([, sql]) => sql),
    groups: groups.map(({ sql }) => sql),
    interval,
    limit: SERIES_ROWS_AT_MOST + 1,
  };
  const rows = await readOperationTotals(context.db, set.kind, totalsQuery);
  const spendRows = seriesRows(context);
  if (interval === null) spendRows(rows.length);
  else if (rows.length > SERIES_ROWS_AT_MOST) throw tooManyRows();
  const told = groupsOf(rows);
  if (plan.groups.length === 0) {
    const silent = new Set([...owners.values()].map(({ chainId }) => chainId));
    for (const { chainId } of told) silent.delete(chainId);
    // Nothing happened in any asset: not in the chain's own coin either.
    const keys = groups.map(() => null);
    for (const chainId of silent) told.push(emptyTotals(chainId, keys, measures.length));
  }
  const series: readonly SeriesRow[] =
    interval === null
      ? told.map((row) => ({ ...row, to: null }))
      : fillGaps(rows, told, {
          interval,
          rangeOf: seriesRanges(args, chains),
          isCumulative: cumulative,
          spendRows,
        });
  const ownerKey = groups.findIndex(({ field }) => field === TOKEN_FIELD);
  const ofOwners = { owners, ownerKey: ownerKey < 0 ? null : ownerKey };
  const request = { basis, isCumulative: cumulative, money, chains, ...ofOwners };
  const mixed = ownerKey < 0 ? chainsOfSeveral(owners.values()) : new Set<number>();
  const values =
    currency === null
      ? []
      : await totalsValues(context, set.kind, totalsQuery, series, { ...request, currency });
  return series.map(({ from, to, chainId, count, keys, amounts }, row) => {
    // One assignment after the other: objects that are put together from entries take several times as long.
    const node: Record<string, unknown> = { from, to, chainId, count };
    for (const [index, { field, decode }] of groups.entries()) {
      node[field] = decode(keys[index], owners);
    }
    for (const [index, [field]] of measures.entries()) {
      const isRefused = mixed.has(chainId) && plan.inTokens?.includes(field) === true;
      node[field] = isRefused
        ? () => refuseMixed(field, chainId)
        : measureNode(amounts[index], values[row]?.get(index) ?? null);
    }
    return node as unknown as TotalsNode;
  });
}

function measureNode(
  amount: AmountTotals | undefined,
  value: ValueSumType | null,
): AmountTotals & { readonly value: ValueSumType | null } {
  return { sum: amount?.sum ?? 0n, min: amount?.min ?? null, max: amount?.max ?? null, value };
}

/** The field whose group is the number of the owner of rows. */
const TOKEN_FIELD = 'token';

function chainsOfSeveral(owners: Iterable<OperationOwner>): Set<number> {
  const seen = new Set<number>();
  const several = new Set<number>();
  for (const { chainId } of owners) (seen.has(chainId) ? several : seen).add(chainId);
  return several;
}

/** Called if a client asks for the field: the others of the row are right. */
function refuseMixed(field: string, chainId: number): never {
  throw new ImoError(
    'MIXED_TOKENS',
    `"${field}" would add up units of different tokens of chain ${chainId}`,
    'Group by TOKEN, or name one token in the filter.',
  );
}

/** Counts the rows of one series, before they are made. */
function seriesRows({ budget }: ApiContext): (count: number) => void {
  let rows = 0;
  return (count) => {
    rows += count;
    if (rows > SERIES_ROWS_AT_MOST) throw tooManyRows();
    budget.spendRows(count);
  };
}

function tooManyRows(): ImoError {
  return new ImoError(
    'QUERY_TOO_LARGE',
    `the series has more than ${SERIES_ROWS_AT_MOST} rows (its steps times its groups)`,
    'Choose a longer interval, a shorter time with filter.timestamp, or fewer groups.',
  );
}
