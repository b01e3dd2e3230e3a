import { count } from '../format/amounts.js';
import { countdown } from '../format/times.js';
import { clock, Time } from '../parts/time.js';
import { momentParameter } from '../place/moment.js';
import { Say } from '../texts/say.js';
import { locale, texts } from '../texts/texts.js';

/** From when on the next snapshot can be taken, and how long that is from now; somebody has to take it. */
export function NextSnapshot({
  at: { block, timestamp },
}: {
  readonly at: { readonly block?: number | null; readonly timestamp?: string | null };
}) {
  const { when } = texts.value;
  if (timestamp == null) return <Say text={when.notBeforeBlock} block={count(block ?? 0)} />;
  const left = Date.parse(timestamp) - clock.value.getTime();
  if (left <= 0) return <span class="due">{when.anyMoment}</span>;
  return (
    <>
      <Say text={when.notBefore} time={<Time moment={timestamp} />} />
      {momentParameter.value === null && (
        <span class="note">
          {' '}
          <Say text={when.countdown} time={countdown(left, locale.value)} />
        </span>
      )}
    </>
  );
}
