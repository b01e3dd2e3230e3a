import { expect, test } from 'vitest';
import { isoOf } from '../../../src/api/values/isoTime.js';

test('a time is written as JavaScript writes it, in each of its parts', () => {
  const times = [
    '1970-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2024-02-29T23:59:59.999Z',
    '2024-03-01T00:00:00.000Z',
    '2026-01-31T12:34:56.007Z',
    '9999-12-31T23:59:59.999Z',
    '+010000-01-01T00:00:00.000Z',
  ];
  // One after the other, and again in the other direction: the day that was written last changes.
  for (const text of [...times, ...times.toReversed()]) expect(isoOf(new Date(text))).toBe(text);
  const start = Date.UTC(2023, 11, 31);
  for (let step = 0; step < 2_000; step++) {
    const time = new Date(start + step * 7_919_777);
    expect(isoOf(time)).toBe(time.toISOString());
  }
});

test('a time that is not valid is refused', () => {
  expect(() => isoOf(new Date(Number.NaN))).toThrow(RangeError);
});
