const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment in the reader's zone and words: relative within a day, else the date and the time. */
export function readableTime(moment: Date, now: Date, locale: string): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1_000);
  const distance = Math.abs(seconds);
  if (distance >= DAY) {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(
      moment,
    );
  }
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // Nothing is counted below a minute: blocks do not come by the second.
  if (distance < HOUR) return words.format(Math.trunc(seconds / MINUTE), 'minute');
  return words.format(Math.trunc(seconds / HOUR), 'hour');
}

/** The same moment in UTC, to the second. */
export function utcTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How long it takes, in its two largest units, never below a minute. */
export function countdown(ms: number, locale: string): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const parts = [
    ['day', Math.floor(minutes / 1_440)],
    ['hour', Math.floor((minutes % 1_440) / 60)],
    ['minute', minutes % 60],
  ] as const;
  const first = parts.findIndex(([, size]) => size > 0);
  return parts
    .slice(first, first + 2)
    .filter(([, size]) => size > 0)
    .map(([unit, size]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(size),
    )
    .join(' ');
}

/**
 * How dates of a language are written: by the first tag of the browser that is of that language, else by the language.
 *
 * @param tags as the browser has them; on some systems one is not valid (`en-US@posix`)
 */
export function dateLocale(tags: readonly string[], language: string): string {
  return tags.find((tag) => tag.slice(0, 2) === language && isValidTag(tag)) ?? language;
}

function isValidTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
