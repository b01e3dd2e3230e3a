import { expect, test } from 'vitest';
import { timeOf } from '../../../src/store/database/timestamps.js';

/** What the driver would read. */
const OTHER = new Date(0);
const read = (text: string) => timeOf(text, () => OTHER);

test('a whole second is read as UTC', () => {
  expect(read('2026-01-31 12:34:56+00')).toEqual(new Date('2026-01-31T12:34:56Z'));
  expect(read('2024-02-29 23:59:59+00')).toEqual(new Date('2024-02-29T23:59:59Z'));
  expect(read('1970-01-01 00:00:00+00')).toEqual(new Date('1970-01-01T00:00:00Z'));
});

test.each([
  ['fractions of a second', '2026-01-31 12:34:56.789+00'],
  ['another time zone', '2026-01-31 12:34:56+01'],
  ['a time zone behind UTC', '2026-01-31 12:34:56-00'],
  ['half an hour of a time zone', '2026-01-31 12:34:56+05:30'],
  ['a year of five digits', '12026-01-31 12:34:56+00'],
  ['a year before Christ', '0044-03-15 12:34:56+00 BC'],
  ['a year below 100', '0099-03-15 12:34:56+00'],
  ['the end of time', 'infinity'],
])('%s is left to the driver', (_, text) => {
  expect(read(text)).toBe(OTHER);
});
