import { ImoError } from '../../../errors.js';
import { YIELD_SECONDS_AT_LEAST } from '../../../ledger/yields/yield.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { YieldPeriodInput } from './yieldTypes.js';

/** A period of time, its start excluded and its end included. */
export interface YieldPeriod {
  readonly from: Date;
  readonly to: Date;
  readonly seconds: bigint;
}

const DAY_MS = 86_400_000;
const EITHER = 'Give `days`, or `from` with or without `to`.';

/**
 * Reads the period of a yield. It lies within the books: what was not indexed is not extrapolated.
 *
 * @param life times of the first and the newest operation; `null`: there is none
 * @throws ImoError `YIELD_BAD_PERIOD`
 */
export function yieldPeriod(
  { days = null, from: start = null, to: end = null }: YieldPeriodInput,
  life: { readonly first: Date; readonly last: Date } | null,
  { timestamp }: AsOf,
): YieldPeriod {
  if (life === null) throw badPeriod('the token has no operation yet', 'Ask for a later moment.');
  const newest = timestamp ?? life.last;
  if ((days === null) === (start === null)) throw badPeriod('no period, or two', EITHER);
  if (days !== null && end !== null) throw badPeriod('`days` and `to` are both given', EITHER);
  if (days !== null && days < 1)
    throw badPeriod(`${days} days`, 'Give a number of days from 7 on.');
  const to = end ?? newest;
  const from = start ?? new Date(to.getTime() - Number(days) * DAY_MS);
  if (to > newest) {
    throw badPeriod(
      `the period ends at ${to.toISOString()}, after the moment of the answer, ${newest.toISOString()}`,
      'Leave `to` out to end with that moment.',
    );
  }
  const seconds = BigInt(Math.floor((to.getTime() - from.getTime()) / 1_000));
  if (seconds < YIELD_SECONDS_AT_LEAST) {
    throw badPeriod(
      `the period has ${seconds} seconds`,
      `A yield in a year needs ${YIELD_SECONDS_AT_LEAST} seconds (7 days) or more.`,
    );
  }
  if (from < life.first) {
    throw badPeriod(
      `the period starts at ${from.toISOString()}, before the first operation of the token, ${life.first.toISOString()}`,
      'Start it then or later: of the time before there are no data.',
    );
  }
  return { from, to, seconds };
}

function badPeriod(what: string, hint: string): ImoError {
  return new ImoError('YIELD_BAD_PERIOD', `not a period for a yield: ${what}`, hint);
}
