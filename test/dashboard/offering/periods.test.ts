import { expect, test } from 'vitest';
import { periodOf, stepName, stepOf } from '../../../dashboard/src/views/offering/periods.js';

const DAY = 86_400_000;

test.each([
  [0, 'DAY'],
  [40, 'DAY'],
  [41, 'WEEK'],
  [280, 'WEEK'],
  [300, 'MONTH'],
  [5_000, 'MONTH'],
])('%s days of revenue are drawn by %s', (days, step) => {
  expect(stepOf(null, 0, days * DAY)).toBe(step);
});

test('the reader chooses the step, and what is not a step is ignored', () => {
  expect([stepOf('day', 0, 5_000 * DAY), stepOf('fortnight', 0, 5_000 * DAY)]).toEqual([
    'DAY',
    'MONTH',
  ]);
});

test.each([
  [6, null],
  [7, 7],
  [89, 30],
  [90, 90],
  [400, 365],
])('after %s days the yield is of %s days', (days, period) => {
  expect(periodOf(null, 0, days * DAY)).toBe(period);
});

test('the reader chooses the period, and what is not one is ignored', () => {
  expect([periodOf('365', 0, DAY), periodOf('8', 0, 40 * DAY)]).toEqual([365, 30]);
});

test('a step is named by its first day, or its month, in UTC', () => {
  expect(stepName('2026-03-01T00:00:00.000Z', 'WEEK', 'en')).toBe('Mar 1');
  expect(stepName('2026-03-01T00:00:00.000Z', 'MONTH', 'en')).toBe('Mar 26');
});
