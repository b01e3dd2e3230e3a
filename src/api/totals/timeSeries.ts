import type {
  AmountTotals,
  Interval,
  TotalsRow,
} from '../../store/read/operations/operationTotals.js';
import { nextStep, stepsBetween } from '../values/calendar.js';

/** The time that a series goes over; `null`: from its first row, or to its last one. */
export interface SeriesRange {
  readonly first: Date | null;
  readonly last: Date | null;
}

/** Totals of one step, with its end. */
export interface SeriesRow extends TotalsRow {
  /** The first moment after the step; `null` for all time. */
  readonly to: Date | null;
}

const NOTHING: AmountTotals = { sum: 0n, min: null, max: null };

/** A series, and what may stop it. */
export interface SeriesRequest {
  readonly interval: Interval;
  /** Of a chain. */
  rangeOf(chainId: number): SeriesRange;
  /** Each row has what happened from the start of the series to its end. */
  readonly isCumulative: boolean;
  /** Called with the number of rows of each group before they are made; may throw. */
  spendRows(count: number): void;
}

/** What a group without any operation has. */
export function emptyTotals(
  chainId: number,
  keys: readonly unknown[],
  measures: number,
): TotalsRow {
  const amounts = Array.from({ length: measures }, () => NOTHING);
  return { from: null, chainId, keys, count: 0, amounts };
}

/**
 * A series without gaps: every group has a row in every step, with zeros where nothing
 * happened; by step, then by group in the order of `groups`.
 *
 * @param groups rows of which each stands for its chain and keys
 * @throws GraphQLError `TOO_MANY_STEPS`
 */
export function fillGaps(
  rows: readonly TotalsRow[],
  groups: readonly TotalsRow[],
  { interval, rangeOf, isCumulative, spendRows }: SeriesRequest,
): SeriesRow[] {
  const known = rowsByGroup(rows);
  const times = rows.flatMap(({ from }) => (from === null ? [] : [from.getTime()]));
  const series = groups.flatMap((group) => {
    const { first, last } = rangeOf(group.chainId);
    const begin = first ?? earliest(times);
    const end = last ?? latest(times);
    if (begin === null || end === null) return [];
    const steps = stepsBetween(interval, begin, end);
    spendRows(steps.length);
    const { chainId, keys } = group;
    const empty = emptyTotals(chainId, keys, group.amounts.length);
    const ofGroup = known.get(groupName(group));
    let sofar: TotalsRow | null = null;
    return steps.map((from): SeriesRow => {
      const own = ofGroup?.get(from.getTime()) ?? empty;
      sofar = isCumulative && sofar !== null ? added(sofar, own) : own;
      const { count, amounts } = sofar;
      return { from, to: nextStep(interval, from), chainId, keys, count, amounts };
    });
  });
  // Sorting is stable: groups stay in their order.
  return series.sort((left, right) => (left.from?.getTime() ?? 0) - (right.from?.getTime() ?? 0));
}

/** By the names of the groups and the starts of their steps. */
function rowsByGroup(
  rows: readonly TotalsRow[],
): ReadonlyMap<string, ReadonlyMap<number, TotalsRow>> {
  const groups = new Map<string, Map<number, TotalsRow>>();
  for (const row of rows) {
    const name = groupName(row);
    const group = groups.get(name) ?? new Map<number, TotalsRow>();
    groups.set(name, group);
    if (row.from !== null) group.set(row.from.getTime(), row);
  }
  return groups;
}

/** One row for each group that occurs, in the order of their first occurrence. */
export function groupsOf(rows: readonly TotalsRow[]): TotalsRow[] {
  return [...new Map(rows.toReversed().map((row) => [groupName(row), row])).values()].reverse();
}

/** Their JSON distinguishes bytes and texts of the database. */
export function groupName({ chainId, keys }: Pick<TotalsRow, 'chainId' | 'keys'>): string {
  return `${chainId} ${JSON.stringify(keys)}`;
}

function added(left: TotalsRow, right: TotalsRow): TotalsRow {
  return {
    ...left,
    count: left.count + right.count,
    amounts: left.amounts.map((amount, index) => both(amount, right.amounts[index] ?? NOTHING)),
  };
}

function both(left: AmountTotals, right: AmountTotals): AmountTotals {
  return {
    sum: left.sum + right.sum,
    min: extreme(left.min, right.min, (one, other) => one < other),
    max: extreme(left.max, right.max, (one, other) => one > other),
  };
}

function extreme(
  left: bigint | null,
  right: bigint | null,
  wins: (one: bigint, other: bigint) => boolean,
): bigint | null {
  if (left === null || right === null) return left ?? right;
  return wins(left, right) ? left : right;
}

function earliest(times: readonly number[]): Date | null {
  return times.length === 0 ? null : new Date(times.reduce((one, other) => Math.min(one, other)));
}

function latest(times: readonly number[]): Date | null {
  return times.length === 0 ? null : new Date(times.reduce((one, other) => Math.max(one, other)));
}
