import { ImoLedgerFailure, type Marks } from '@imo-ledger/client';
import { useEffect, useState } from 'preact/hooks';
import { momentOf, momentParameter } from '../place/moment.js';
import { headCount, silentSince } from './heads.js';

/** What is known of an answer. What was known stays while it is asked again, or cannot be reached. */
export interface Known<Data> {
  readonly data: Data | null;
  readonly marks: Marks;
  readonly failure: ImoLedgerFailure | null;
  /** When `data` came. */
  readonly since: Date | null;
}

const NOTHING = { data: null, marks: {}, failure: null, since: null };
/** Heads may come many times a second; eyes do not. */
const AT_MOST_EVERY_MS = 700;
/** How long to wait after what may pass. */
const AGAIN_MS = 2_000;
/** For questions about a whole token, which cost the server more, and whose answers change little with each block. */
export const SELDOM_MS = 5_000;

/**
 * Asks when the question changes, and again with each head while the page is as of now.
 *
 * @param key equal for equal questions; `null`: nothing is asked
 * @param everyMs it is asked again at most so often
 */
export function useAnswer<Data>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<{ readonly data: Data; readonly marks: Marks }>,
  everyMs = AT_MOST_EVERY_MS,
): Known<Data> {
  const [known, setKnown] = useState<{ key: string | null; answer: Known<Data> }>({
    key,
    answer: NOTHING,
  });
  const isNow = momentOf(momentParameter.value).kind === 'now';
  useEffect(() => {
    if (key === null) return;
    const ending = new AbortController();
    void askAndFollow(ending.signal, isNow ? everyMs : null, ask, (change) =>
      setKnown((before) => ({
        key,
        answer: { ...(before.key === key ? before.answer : NOTHING), ...change },
      })),
    );
    return () => ending.abort();
    // `ask` is a new function each time; `key` says whether it asks something else.
  }, [key, isNow]);
  return known.key === key ? known.answer : NOTHING;
}

async function askAndFollow<Data>(
  ended: AbortSignal,
  everyMs: number | null,
  ask: (signal: AbortSignal) => Promise<{ readonly data: Data; readonly marks: Marks }>,
  change: (part: Partial<Known<Data>>) => void,
): Promise<void> {
  while (!ended.aborted) {
    const asked = headCount.value;
    const paused = pause(everyMs ?? AT_MOST_EVERY_MS, ended);
    try {
      const { data, marks } = await ask(ended);
      if (ended.aborted) return;
      change({ data, marks, failure: null, since: new Date() });
      if (everyMs === null) return;
    } catch (error) {
      if (ended.aborted) return;
      const failure = failureOf(error);
      change({ failure });
      if (failure.code === 'UNREACHABLE') silentSince.value ??= new Date();
      else if (!isPassing(failure)) return;
      else {
        // It may pass without a new block.
        await pause(AGAIN_MS, ended);
        continue;
      }
    }
    await paused;
    await nextHead(asked, ended);
  }
}

const PASSING =
  /^(TIMEOUT|QUERY_TIMEOUT|REQUEST_TIMEOUT|HTTP_5|RATE_LIMITED|COST_LIMITED|CHAIN_REORGANISED|DATABASE)/;

/** Refusals say the same when they are asked again; what the way or the load did may not. */
export function isPassing({ code }: ImoLedgerFailure): boolean {
  return PASSING.test(code);
}

/** An error as the page shows it. */
export function failureOf(error: unknown): ImoLedgerFailure {
  if (error instanceof ImoLedgerFailure) return error;
  return new ImoLedgerFailure(
    'PAGE_FAILED',
    error instanceof Error ? error.message : String(error),
  );
}

function nextHead(asked: number, ended: AbortSignal): Promise<void> {
  if (headCount.value !== asked) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = headCount.subscribe((now) => {
      if (now !== asked) finish();
    });
    const finish = () => {
      queueMicrotask(() => stop());
      resolve();
    };
    ended.addEventListener('abort', finish, { once: true });
  });
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
