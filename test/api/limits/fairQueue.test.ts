import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClientShares, shareOf } from '../../../src/api/limits/turns/clientShares.js';
import { FairQueue } from '../../../src/api/limits/turns/fairQueue.js';
import { RequestRun } from '../../../src/api/limits/turns/requestRun.js';
import { RequestTurns } from '../../../src/api/limits/turns/requestTurns.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Notes in which order clients get places. */
function served(queue: FairQueue) {
  const order: string[] = [];
  const leave: (() => void)[] = [];
  const ask = (client: string) =>
    void queue.enter(client).then((left) => {
      order.push(client);
      leave.push(left);
    });
  return { order, ask, next: () => leave.shift()?.() };
}

describe('places that clients share', () => {
  test('one client leaves a place for the others, however much it asks', async () => {
    const { order, ask } = served(new FairQueue({ atOnce: 3 }));
    for (let index = 0; index < 10; index++) ask('greedy');
    ask('honest');
    await settled();
    expect(order).toEqual(['greedy', 'greedy', 'honest']);
  });

  test('clients are served in turn, however much each asks', async () => {
    const queue = new FairQueue({ atOnce: 1, ofOneClient: 1 });
    const { order, ask, next } = served(queue);
    for (const client of ['a', 'a', 'a', 'b', 'b', 'c']) ask(client);
    for (let index = 0; index < 6; index++) {
      await settled();
      next();
    }
    expect(order).toEqual(['a', 'a', 'b', 'c', 'a', 'b']);
    expect(queue.waiting).toBe(0);
  });

  test('a client that no longer waits is left out', async () => {
    const queue = new FairQueue({ atOnce: 1 });
    const leave = await queue.enter('a');
    const gone = new AbortController();
    const waiting = queue.enter('b', gone.signal);
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(queue.waiting).toBe(0);
    leave();
    await expect(queue.enter('c', gone.signal)).rejects.toThrow('gone');
    (await queue.enter('d'))();
  });

  test('more than a client may let wait is refused', async () => {
    const queue = new FairQueue({ atOnce: 1, waitingAtMost: 1 });
    await queue.enter('a');
    void queue.enter('a');
    await expect(queue.enter('a')).rejects.toMatchObject({ code: 'TOO_MANY_AT_ONCE' });
    void queue.enter('b');
    expect(queue.waiting).toBe(2);
  });
});

test('each client has a share of the total of all clients', () => {
  const shares = new ClientShares(shareOf(8));
  const first = shares.take('a');
  expect(shares.take('a')).not.toBeNull();
  expect(shares.take('a')).toBeNull();
  expect(shares.take('b')).not.toBeNull();
  first?.();
  first?.();
  expect(shares.take('a')).not.toBeNull();
  expect(shares.take('a')).toBeNull();
  expect(shareOf(2)).toBe(1);
});

function requestOf(client: string, values: number, database: number): RequestRun {
  const run = new RequestRun(client);
  run.cost = { values, database, points: values + database, entries: new Map() };
  return run;
}

test('cheap requests do not wait for expensive ones, and large answers are made one by one', async () => {
  const turns = new RequestTurns(1);
  const leave = await turns.enter(requestOf('a', 1, 100_000));
  void turns.enter(requestOf('b', 1, 100_000));
  await turns.enter(requestOf('a', 100_000, 1));
  void turns.enter(requestOf('b', 100_000, 1));
  await settled();
  expect(turns.waiting).toBe(2);
  await turns.enter(requestOf('a', 1, 1));
  leave();
  await settled();
  expect(turns.waiting).toBe(1);
});

describe('the rest after a large answer', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  test.each([
    { tookMs: 30, restMs: 30 },
    { tookMs: 5_000, restMs: 100 },
  ])('of $tookMs ms is $restMs ms', async ({ tookMs, restMs }) => {
    const turns = new RequestTurns(1);
    const leave = await turns.enter(requestOf('a', 100_000, 1));
    void turns.enter(requestOf('b', 100_000, 1));
    vi.advanceTimersByTime(tookMs);
    leave();
    vi.advanceTimersByTime(restMs - 1);
    await settled();
    expect(turns.waiting).toBe(1);
    vi.advanceTimersByTime(1);
    await settled();
    expect(turns.waiting).toBe(0);
  });
});
