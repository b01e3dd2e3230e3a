import type { ComponentChildren } from 'preact';
import type { Known } from '../ledger/useAnswer.js';
import { texts } from '../texts/texts.js';
import { Skeleton } from './card.js';
import { Failure } from './failure.js';
import { Marked } from './marked.js';

/** Shows an answer: before it is there, when it cannot be had, and dimmed when it is old. */
export function Answered<Data>({
  known,
  lines,
  children,
}: {
  readonly known: Known<Data>;
  /** So many lines stand in its place before. */
  readonly lines: number;
  readonly children: (data: Data) => ComponentChildren;
}) {
  const { data, failure, marks } = known;
  if (data === null && failure !== null) return <Failure failure={failure} />;
  if (data === null) {
    return (
      <div aria-busy="true">
        <p class="unseen" role="status">
          {texts.value.loading}
        </p>
        <Skeleton lines={lines} />
      </div>
    );
  }
  return (
    <div class={failure === null ? '' : 'dimmed'}>
      {failure !== null && <Failure failure={failure} />}
      <Marked marks={marks} />
      {children(data)}
    </div>
  );
}
