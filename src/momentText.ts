import { beginsWithRealDay } from './isoDay.js';

/** What a person wrote for a moment: a block, or all times between two, both included. */
export type NamedMoment =
  | { readonly block: number }
  | { readonly first: Date; readonly last: Date };

/** What `parseMomentText` takes, for hints. */
export const MOMENT_FORMS =
  'a block number, a year (2026), a month (2026-01), a date (2026-01-31, in UTC) or a time (2026-01-31T12:00:00Z)';

/** Ethereum began in 2015. */
const FIRST_YEAR = 2015;
const LAST_YEAR = 2099;
const BLOCK = /^(block:)?(\d{1,16})$/;
const YEAR = /^\d{4}$/;
const MONTH = /^(\d{4})-(\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a moment as people mean it: `2026` is the year, and `block:2026` the block. Years, months
 * and days are in UTC.
 *
 * @returns `null` for a text that names no moment
 */
export function parseMomentText(text: string): NamedMoment | null {
  if (YEAR.test(text) && Number(text) >= FIRST_YEAR && Number(text) <= LAST_YEAR) {
    return period(new Date(Date.UTC(Number(text), 0)), new Date(Date.UTC(Number(text) + 1, 0)));
  }
  const block = BLOCK.exec(text)?.[2];
  if (block !== undefined) {
    return Number.isSafeInteger(Number(block)) ? { block: Number(block) } : null;
  }
  const [, year, month] = MONTH.exec(text)?.map(Number) ?? [];
  if (year !== undefined && month !== undefined) {
    if (month < 1 || month > 12) return null;
    return period(new Date(Date.UTC(year, month - 1)), new Date(Date.UTC(year, month)));
  }
  if (!beginsWithRealDay(text)) return null;
  if (DATE.test(text)) {
    const first = new Date(text);
    const next = new Date(first);
    next.setUTCDate(next.getUTCDate() + 1);
    return period(first, next);
  }
  const time = new Date(text);
  return TIME.test(text) && !Number.isNaN(time.getTime()) ? { first: time, last: time } : null;
}

function period(first: Date, next: Date): NamedMoment {
  return { first, last: new Date(next.getTime() - 1) };
}

const FIRST_UNIX_MS = Date.UTC(FIRST_YEAR, 0);
const END_OF_UNIX_MS = Date.UTC(LAST_YEAR + 1, 0);

/** What to write for a number that seems to be a Unix time in place of a block; `null`: it does not. */
export function unixTimeHint(block: number): string | null {
  const ms = [block * 1000, block].find((time) => time >= FIRST_UNIX_MS && time < END_OF_UNIX_MS);
  if (ms === undefined) return null;
  const time = new Date(ms).toISOString();
  return `${block} looks like a Unix time: for that moment, give the time ${time}.`;
}
