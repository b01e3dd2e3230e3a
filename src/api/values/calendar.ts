import type { Interval } from '../../store/read/operations/operationTotals.js';
import { inputError } from '../errors.js';

/** A series of hours over a year fits; one over a life of years is for days. */
export const STEPS_AT_MOST = 10_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** 1970 began on a Thursday; the first Monday was the 5th of January. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const LENGTHS_MS = { hour: HOUR_MS, day: DAY_MS, week: WEEK_MS };

/** The start of the step that contains a moment, in UTC; as `date_trunc` of PostgreSQL. */
export function stepOf(interval: Interval, time: Date): Date {
  if (interval === 'month') return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth()));
  const length = LENGTHS_MS[interval];
  const origin = interval === 'week' ? FIRST_MONDAY_MS : 0;
  return new Date(Math.floor((time.getTime() - origin) / length) * length + origin);
}

/** The start of the step after the one that starts at `from`. */
export function nextStep(interval: Interval, from: Date): Date {
  if (interval === 'month') {
    return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
  }
  return new Date(from.getTime() + LENGTHS_MS[interval]);
}

/**
 * The begins of all steps from the one of `first` to that of `last`; none if `last` is earlier.
 *
 * @throws GraphQLError `TOO_MANY_STEPS`
 */
export function stepsBetween(interval: Interval, first: Date, last: Date): Date[] {
  const steps: Date[] = [];
  if (last < first) return steps;
  for (let step = stepOf(interval, first); step <= last; step = nextStep(interval, step)) {
    if (steps.length === STEPS_AT_MOST) throw tooMany(interval, first, last);
    steps.push(step);
  }
  return steps;
}

function tooMany(interval: Interval, first: Date, last: Date) {
  return inputError(
    'TOO_MANY_STEPS',
    `from ${first.toISOString()} to ${last.toISOString()} there are more than ${STEPS_AT_MOST} steps of one ${interval}`,
    `A series has at most ${STEPS_AT_MOST} steps: choose a longer interval, or a shorter time with filter.timestamp.`,
  );
}
