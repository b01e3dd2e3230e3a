import { expect, test } from 'vitest';
import { daysOf, firstDay } from '../../dashboard/src/views/start/days.js';

const END = Date.parse('2026-03-30T17:00:00Z');
const row = (from: string, sum: bigint) => ({ from, amountWei: { sum } });

test('the last 30 days end with the day of the moment, in UTC', () => {
  expect(new Date(firstDay(END)).toISOString()).toBe('2026-03-01T00:00:00.000Z');
});

test('each day has what came in on it, and days without revenue are there', () => {
  const days = daysOf(
    [
      row('2026-03-01T00:00:00.000Z', 3n),
      row('2026-03-30T00:00:00.000Z', 5n),
      row('2026-03-30T00:00:00.000Z', 2n),
    ],
    END,
  );
  expect(days).toHaveLength(30);
  expect([days[0], days[1], days[29]]).toEqual([3n, 0n, 7n]);
});

test('what is outside the days, or has no day, is not counted', () => {
  const days = daysOf([row('2026-02-28T00:00:00.000Z', 3n), row('', 5n)], END);
  expect(days.every((value) => value === 0n)).toBe(true);
});
