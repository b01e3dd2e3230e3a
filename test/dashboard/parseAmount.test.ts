import { expect, test } from 'vitest';
import { parseAmount } from '../../dashboard/src/format/parseAmount.js';

test.each([
  ['1', 10n ** 18n],
  ['1.5', 15n * 10n ** 17n],
  ['1,5', 15n * 10n ** 17n],
  ['0.000000000000000001', 1n],
  ['1\u202f234.5', 1_234_500_000_000_000_000_000n],
  ['7.', 7n * 10n ** 18n],
])('the amount %s is read to the last digit', (text, wei) => {
  expect(parseAmount(text, 18)).toBe(wei);
});

test.each(['', '-1', '1e5', '1,000.5', '1.2.3', '.5', '0x10', 'all', '0.0000000000000000001'])(
  'what is not an amount in this unit is not guessed: %s',
  (text) => {
    expect(parseAmount(text, 18)).toBeNull();
  },
);
