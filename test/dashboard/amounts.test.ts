import { afterEach, describe, expect, test } from 'vitest';
import {
  count,
  digitsShown,
  exactAmount,
  padded,
  percentOf,
  shortAmount,
  writeWithPoint,
} from '../../dashboard/src/format/amounts.js';
import { percentText } from '../../dashboard/src/format/ratios.js';
import { shortWorth } from '../../dashboard/src/format/worth.js';

const ETH = 10n ** 18n;

describe('a short amount', () => {
  test.each([
    [0n, '0'],
    [1n, '< 0.000001'],
    [-1n, '> \u22120.000001'],
    [10n ** 12n, '0.000001'],
    [10n ** 12n - 1n, '< 0.000001'],
    [ETH, '1'],
    [(1_155n * ETH) / 1_000n, '1.155'],
    [1_155_778_489_460_397_173n, '1.15577'],
    [ETH - 1n, '0.999999'],
    [1_234_567n * ETH + 1n, '1\u202f234\u202f567'],
    [-2n * ETH - ETH / 2n, '\u22122.5'],
    [(10n ** 15n - 1n) * ETH, '999\u202f999\u202f999\u202f999\u202f999'],
    [10n ** 15n * ETH, '1.00000 × 10¹⁵'],
    [2n ** 256n - 1n, '1.15792 × 10⁵⁹'],
  ])('of %s wei is %s', (wei, text) => {
    expect(shortAmount(wei, 18)).toBe(text);
  });

  test('never promises more than there is', () => {
    for (let wei = 1n; wei < 2n ** 256n; wei = wei * 7n + 3n) {
      const plain = shortAmount(wei, 18).replaceAll('\u202f', '');
      if (plain.startsWith('<')) continue;
      const [short = '', power = ''] = plain.split(' × 10');
      const raised = [...power].map((sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign)).join('');
      const [whole = '', fraction = ''] = short.split('.');
      const digits = 18 + (raised === '' ? 0 : Number(raised));
      expect(BigInt(whole + fraction.padEnd(digits, '0'))).toBeLessThanOrEqual(wei);
    }
  });
});

test('an exact amount has all digits, whatever the decimals', () => {
  expect(exactAmount(1_155_778_489_460_397_173n, 18)).toBe('1.155778489460397173');
  expect(exactAmount(1_500_000n, 6)).toBe('1.5');
  expect(exactAmount(1_500_000n, 0)).toBe('1\u202f500\u202f000');
  expect(exactAmount(-5n, 2)).toBe('\u22120.05');
});

test('points of a column come below each other', () => {
  const values = [ETH, ETH / 4n, 0n];
  const digits = digitsShown(values, 18);
  expect(digits).toBe(2);
  expect(values.map((value) => padded(shortAmount(value, 18), digits))).toEqual([
    '1\u2008\u2007\u2007',
    '0.25',
    '0\u2008\u2007\u2007',
  ]);
});

test('a percentage is rounded down, with one digit; nothing has no parts', () => {
  expect(percentOf(2n, 3n)).toBe('66.6 %');
  expect(percentOf(3n, 3n)).toBe('100.0 %');
  expect(percentOf(0n, 0n)).toBeNull();
});

test('a whole number has groups of three digits', () => {
  expect([count(3_986), count(12n), count(-1_000)]).toEqual([
    '3\u202f986',
    '12',
    '\u22121\u202f000',
  ]);
});

describe('where a comma is before the fraction', () => {
  afterEach(() => writeWithPoint('.'));

  test('every kind of figure has it, so that nobody takes a fraction for thousands', () => {
    writeWithPoint(',');
    const amount = 23_744_210_000_000_000_001n;
    expect([
      shortAmount(amount, 18),
      exactAmount(amount, 18),
      shortAmount(1n, 18),
      shortAmount(2n ** 256n - 1n, 18),
      padded(shortAmount(ETH / 4n, 18), 4),
      percentOf(2n, 3n),
      percentText({ numerator: '2', denominator: '3' }),
      shortWorth('1234.5'),
      shortWorth('0.001'),
    ]).toEqual([
      '23,7442',
      '23,744210000000000001',
      '< 0,000001',
      '1,15792 × 10⁵⁹',
      '0,25\u2007\u2007',
      '66,6 %',
      '66,6 %',
      '1\u202f234,50',
      '< 0,01',
    ]);
  });
});
