import { count } from '../format/amounts.js';
import { Time } from '../parts/time.js';
import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';

/** From when on the next snapshot can be taken; somebody has to take it. */
export function NextSnapshot({
  at: { block, timestamp },
}: {
  readonly at: { readonly block?: number | null; readonly timestamp?: string | null };
}) {
  const { when } = texts.value;
  if (timestamp != null) {
    const isDue = Date.parse(timestamp) <= Date.now();
    return isDue ? (
      <span class="due">{when.anyMoment}</span>
    ) : (
      <Say text={when.notBefore} time={<Time moment={timestamp} />} />
    );
  }
  return <Say text={when.notBeforeBlock} block={count(block ?? 0)} />;
}
