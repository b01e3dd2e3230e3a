import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RequestRun } from '../../../src/api/limits/turns/requestRun.js';

const LIMITS = { requestSeconds: 60, databaseSeconds: 60, answerBytes: 100 };
const forever = () => new Promise<never>(() => undefined);

test('a request that takes too long is stopped and says which limit it reached', async () => {
  const run = new RequestRun('client', { ...LIMITS, requestSeconds: 0.01 });
  run.begin();
  await new Promise((resolve) => run.signal.addEventListener('abort', resolve));
  expect(run.signal.reason).toMatchObject({
    code: 'REQUEST_TIMEOUT',
    message: expect.stringContaining('limits.requestSeconds'),
  });
  await expect(run.metered(forever)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

test('statements share the time that a request has of the database', async () => {
  const whole = { points: 0, databaseMs: 0 };
  const run = new RequestRun('client', { ...LIMITS, databaseSeconds: 3_600 }, undefined, whole);
  await run.metered(async () => undefined);
  expect(run.signal.aborted).toBe(false);
  // As if the first had taken nearly all.
  whole.databaseMs += 3_599_999;
  void run.metered(forever);
  await new Promise((resolve) => run.signal.addEventListener('abort', resolve));
  expect(run.signal.reason).toMatchObject({
    code: 'DATABASE_BUDGET_SPENT',
    message: expect.stringContaining('limits.databaseSeconds'),
  });
});

test('the operations of one request have its time of the database together', async () => {
  const limits = { ...LIMITS, databaseSeconds: 0.05 };
  const first = new RequestRun('client', limits);
  await first.metered(() => delay(60));
  const second = new RequestRun('client', limits, undefined, first.whole);
  await expect(second.metered(forever)).rejects.toMatchObject({ code: 'DATABASE_BUDGET_SPENT' });
});

test('an answer that is too large is refused', () => {
  const run = new RequestRun('client', LIMITS);
  run.answered(100);
  expect(() => run.answered(1)).toThrow('limits.answerBytes allows 100');
});

test('an event of a subscription may take as much as the first one', async () => {
  const run = new RequestRun('client', LIMITS);
  run.answered(100);
  expect(() => run.next().answered(100)).not.toThrow();
  expect(run.next().client).toBe('client');
});
