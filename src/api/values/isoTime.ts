const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** From the year 10000 on, ISO 8601 writes a sign and six digits. */
const YEARS_OF_FOUR_DIGITS_MS = Date.UTC(10_000, 0, 1);

const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** The day of the time that was written last, and how it is written: the rows of a page are of a few days. */
let lastDay = Number.NaN;
let lastDate = '';

/**
 * `Date.toISOString`, in a tenth of its time.
 *
 * @throws RangeError for an invalid time
 */
export function isoOf(time: Date): string {
  const ms = time.getTime();
  if (!(ms >= 0 && ms < YEARS_OF_FOUR_DIGITS_MS)) return time.toISOString();
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay) {
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, 11);
    lastDay = day;
  }
  const ofDay = ms - day * DAY_MS;
  const hour = TWO_DIGITS[Math.floor(ofDay / HOUR_MS)];
  const minute = TWO_DIGITS[Math.floor((ofDay % HOUR_MS) / MINUTE_MS)];
  const second = TWO_DIGITS[Math.floor((ofDay % MINUTE_MS) / SECOND_MS)];
  const rest = ofDay % SECOND_MS;
  const fraction = rest === 0 ? '000' : String(rest).padStart(3, '0');
  return `${lastDate}${hour}:${minute}:${second}.${fraction}Z`;
}
