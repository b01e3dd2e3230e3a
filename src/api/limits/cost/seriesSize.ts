import { STEPS_AT_MOST } from '../../values/calendar.js';
import { CollectionPart, IncomeSource, ReceiptKind } from '../../values/enums.js';
import type { Sizes } from './bookSizes.js';
import type { Given } from './pageSize.js';

/** Rows of one series: its steps times its groups. */
export const SERIES_ROWS_AT_MOST = 20_000;

/** Steps of a series of one holder: each of them computes an entitlement. */
export const HOLDER_STEPS_AT_MOST = 1_000;

const DAY_MS = 86_400_000;
const LENGTHS_MS: Readonly<Record<string, number>> = {
  HOUR: DAY_MS / 24,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 28 * DAY_MS,
};
/** A chain with a wrong clock may be ahead of this machine. */
const AHEAD_MS = 3_650 * DAY_MS;

/** How many groups there are of each kind; those that are not here can be any number. */
const GROUPS: Readonly<Record<string, number>> = {
  SOURCE: sizeOf(IncomeSource),
  KIND: sizeOf(ReceiptKind),
  COLLECTION_PART: sizeOf(IncomeSource) * sizeOf(CollectionPart),
};

/** Fields that answer with totals: all time together, or step by step. */
export function isSeries({
  args,
}: {
  readonly args: readonly { readonly name: string }[];
}): boolean {
  return args.some(({ name }) => name === 'interval');
}

/** Rows of a series at most, by its arguments: steps × groups. */
export function seriesSize(given: Given, sizes: Sizes): number {
  return Math.min(stepsIn(given) * groupsIn(given, sizes), SERIES_ROWS_AT_MOST);
}

/** Steps of a series at most, by its arguments. */
export function stepsIn({ interval, filter, timestamp, at }: Given): number {
  const lengthMs = LENGTHS_MS[String(interval)];
  if (lengthMs === undefined) return 1;
  const { gte, lte } = asGiven(timestamp ?? asGiven(filter).timestamp);
  const first = timeOf(gte) ?? 0;
  const last = Math.min(
    timeOf(lte) ?? Number.POSITIVE_INFINITY,
    timeOf(asGiven(at).timestamp) ?? Number.POSITIVE_INFINITY,
    Date.now() + AHEAD_MS,
  );
  const steps = Math.floor(Math.max(0, last - first) / lengthMs) + 2;
  return Math.min(steps, STEPS_AT_MOST);
}

function groupsIn({ groupBy, filter, ...given }: Given, { tokens, chains }: Sizes): number {
  const { token, chainId } = { ...given, ...asGiven(filter) };
  const kinds = [groupBy].flat().filter((kind) => kind != null);
  const groups = kinds.reduce<number>((product, kind) => {
    if (kind === 'TOKEN') return product * (token == null ? tokens : 1);
    return product * (GROUPS[String(kind)] ?? SERIES_ROWS_AT_MOST);
  }, 1);
  return groups * (token == null && chainId == null ? chains : 1);
}

function asGiven(value: unknown): Given {
  return typeof value === 'object' && value !== null ? (value as Given) : {};
}

function timeOf(value: unknown): number | null {
  const time = value instanceof Date ? value.getTime() : Date.parse(String(value ?? ''));
  return Number.isNaN(time) ? null : time;
}

/** Values of an enum, and none of them. */
function sizeOf(values: object): number {
  return Object.keys(values).length + 1;
}
