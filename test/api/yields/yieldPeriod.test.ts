import { expect, test } from 'vitest';
import { yieldPeriod } from '../../../src/api/objects/yields/yieldPeriod.js';

const at = (seconds: number) => new Date(1_750_000_000_000 + seconds * 1_000);
const WEEK = 604_800;
const life = { first: at(0), last: at(2 * WEEK) };
const asOf = { chainId: 1, block: 9, hash: null, timestamp: at(2 * WEEK), isNewest: true };
const between = (from: number, to: number) =>
  yieldPeriod({ from: at(from), to: at(to) }, life, asOf);

test('a yield needs seven days, to the second', () => {
  expect(between(0, WEEK).seconds).toBe(604_800n);
  expect(() => between(0, WEEK - 1)).toThrow('the period has 604799 seconds');
  expect(yieldPeriod({ days: 7 }, life, asOf)).toEqual({
    from: at(WEEK),
    to: at(2 * WEEK),
    seconds: 604_800n,
  });
});

test('a yield needs data from its start to its end, to the second', () => {
  expect(between(0, 2 * WEEK).seconds).toBe(1_209_600n);
  expect(() => between(-1, WEEK)).toThrow('before the first operation of the token');
  expect(() => between(0, 2 * WEEK + 1)).toThrow('after the moment of the answer');
});
