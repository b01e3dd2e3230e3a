import { expect, test } from 'vitest';
import { percentText, readableLot, times } from '../../dashboard/src/format/ratios.js';
import { countdown } from '../../dashboard/src/format/times.js';
import { worthOf } from '../../dashboard/src/format/worth.js';

const ratio = (numerator: bigint, denominator = 1n) => ({
  numerator: String(numerator),
  denominator: String(denominator),
});

test('a ratio times a number is rounded down, once', () => {
  expect(times(ratio(2n, 3n), 10n)).toBe(6n);
  expect(times(ratio(10n ** 40n, 3n), 3n)).toBe(10n ** 40n);
});

test('an amount is written for so many tokens that it has digits to read', () => {
  expect(readableLot(ratio(10n ** 16n), 18)).toBe(1n);
  expect(readableLot(ratio(4_197_165_758n), 18)).toBe(1_000_000n);
  expect(readableLot(ratio(0n), 18)).toBe(1_000_000_000n);
});

test('a part is a percentage with one digit, rounded down', () => {
  expect(percentText(ratio(2n, 3n))).toBe('66.6 %');
  expect(percentText(ratio(34n))).toBe('3\u202f400.0 %');
});

test.each([
  [10n ** 18n, 18, '2357.93117812', '2\u202f357.93'],
  [15n * 10n ** 17n, 18, '2', '3.00'],
  [1n, 18, '2357.93', '< 0.01'],
  [0n, 18, '2357.93', '0.00'],
  [1_999_999n, 6, '1', '1.99'],
])('%s of %s decimals at %s is worth %s', (amount, decimals, price, text) => {
  expect(worthOf(amount, decimals, price)).toBe(text);
});

test.each([
  [1, '1 minute'],
  [59 * 60_000, '59 minutes'],
  [3_600_000, '1 hour'],
  [90 * 60_000, '1 hour 30 minutes'],
  [25 * 3_600_000 + 60_000, '1 day 1 hour'],
  [24 * 3_600_000, '1 day'],
])('%s milliseconds are counted down as %s', (ms, text) => {
  expect(countdown(ms, 'en')).toBe(text);
});
