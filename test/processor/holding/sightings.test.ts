import { expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { Sightings } from '../../../src/processor/holding/sightings.js';

const ONE: Address = `0x${'1'.repeat(40)}`;
const OTHER: Address = `0x${'2'.repeat(40)}`;

/** Whether each trouble in turn is believed. */
function believed(endpoints: number, ...troubles: readonly (readonly [Address, number, string])[]) {
  const sightings = new Sightings();
  return troubles.map(
    ([address, block, code]) => sightings.note({ address, block, code }, endpoints).isBelieved,
  );
}

test('a trouble is believed when every endpoint, and the only one twice, showed the same', () => {
  expect(believed(1, [ONE, 10, 'A'], [ONE, 10, 'A'])).toEqual([false, true]);
  expect(believed(3, [ONE, 10, 'A'], [ONE, 10, 'A'], [ONE, 10, 'A'])).toEqual([false, false, true]);
});

test('another code or an earlier block starts the readings of a trouble again', () => {
  expect(believed(2, [ONE, 10, 'A'], [ONE, 10, 'B'], [ONE, 10, 'A'])).toEqual([
    false,
    false,
    false,
  ]);
  expect(believed(2, [ONE, 10, 'A'], [ONE, 9, 'A'], [ONE, 9, 'A'])).toEqual([false, false, true]);
});

test('a later block shows that the one before was booked after all', () => {
  const later = [10, 11, 12, 13, 14, 15].map((block) => [ONE, block, 'A'] as const);
  expect(believed(1, ...later)).not.toContain(true);
});

test('troubles that keep changing are believed after five, or one more than the endpoints', () => {
  const changing = Array.from({ length: 7 }, (_, at) => [ONE, 10, `CODE_${at}`] as const);
  expect(believed(1, ...changing).indexOf(true)).toBe(4);
  expect(believed(6, ...changing).indexOf(true)).toBe(6);
});

test('two contracts that fail by turns are both held', () => {
  expect(believed(1, [ONE, 10, 'A'], [OTHER, 10, 'A'], [ONE, 10, 'A'], [OTHER, 10, 'A'])).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
