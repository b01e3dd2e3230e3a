import { signal } from '@preact/signals';
import { readableTime, utcTime } from '../format/times.js';
import { locale } from '../texts/texts.js';
import { Exact } from './exact.js';

/** The time on the reader's clock, to the minute: relative times follow it. */
export const clock = signal(new Date());
setInterval(() => {
  clock.value = new Date();
}, 30_000);

/** A moment in the reader's zone; UTC on hover. */
export function Time({ moment }: { readonly moment: string | Date }) {
  const date = new Date(moment);
  return (
    <Exact exact={utcTime(date)} className="time">
      <time dateTime={date.toISOString()}>{readableTime(date, clock.value, locale.value)}</time>
    </Exact>
  );
}
