import { expect, test } from 'vitest';
import { ether, etherColumn, hundredths, sharesOf } from '../../src/cli/demo/amounts.js';

test('an amount is written with all of its decimals', () => {
  expect(ether(1n)).toBe('0.000000000000000001');
  expect(ether(12n * 10n ** 18n)).toBe('12.000000000000000000');
});

test('a column has as many decimals as its longest amount needs, and two at least', () => {
  const amounts = [10n ** 18n, 2_500_000_000_000_000n];
  expect(amounts.map(etherColumn(amounts))).toEqual(['1.0000', '0.0025']);
  expect(etherColumn([])(10n ** 18n)).toBe('1.00');
});

test('shares add up to all of it, the missing hundredths going to the largest remainders', () => {
  expect(sharesOf([1n, 1n, 1n])).toEqual([3334n, 3333n, 3333n]);
  expect(sharesOf([2n, 1n, 0n])).toEqual([6667n, 3333n, 0n]);
  const huge = [10n ** 60n, 1n, 10n ** 60n - 1n];
  expect(sharesOf(huge)).toEqual([5000n, 0n, 5000n]);
  expect(sharesOf([0n, 0n])).toEqual([0n, 0n]);
  expect(sharesOf([])).toEqual([]);
});

test('hundredths are a decimal number', () => {
  expect([0n, 5n, 1234n, 10_000n].map(hundredths)).toEqual(['0.00', '0.05', '12.34', '100.00']);
});
