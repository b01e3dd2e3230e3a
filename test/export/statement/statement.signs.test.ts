import { expect, test } from 'vitest';
import {
  mixedAmountColumn,
  statementAmountColumn,
} from '../../../src/export/statement/layout/amounts.js';
import { isVisible, plainSigns } from '../../../src/export/statement/layout/plainSigns.js';
import { periodText } from '../../../src/export/statement/read/names.js';

test('invisible characters are written as their numbers', () => {
  expect(plainSigns('MDL \u202eLDM', isVisible)).toBe('MDL \\u{202e}LDM');
  expect(plainSigns('\u009b2J', isVisible)).toBe('\\u{9b}2J');
  expect(plainSigns('模型 é 😀', isVisible)).toBe('模型 é 😀');
  expect(plainSigns('模型', (sign) => sign !== '模')).toBe('\\u{6a21}型');
});

test('a column may have more amounts than a function takes arguments', () => {
  const amounts = Array.from({ length: 300_000 }, (_, index) => BigInt(index));
  expect(statementAmountColumn(amounts, 3)(299_999n)).toBe('299.999');
});

test('amounts of different assets in one column have their points below each other', () => {
  const amounts = [
    { amount: 1_234_567n, decimals: 6 },
    { amount: 5n * 10n ** 17n, decimals: 18 },
    { amount: 42n, decimals: null },
    { amount: 1n, decimals: 8 },
  ];
  expect(amounts.map(mixedAmountColumn(amounts))).toEqual([
    ...['1.23456700', '0.50000000', '42.00000000', '0.00000001'],
  ]);
});

test('the head of a statement has the hash of the block that its figures are of', () => {
  const hash = `0x${'ab'.repeat(32)}` as const;
  const times = { openingTime: null, closingTime: null };
  const period = { chainId: 1, openingBlock: 9, closingBlock: 20, ...times };
  expect(periodText({ ...period, booked: { block: 20, hash } })).toBe(
    `Chain 1: block 10 to block 20, UTC; its hash is ${hash}`,
  );
  expect(periodText({ ...period, booked: { block: 17, hash } })).toBe(
    `Chain 1: block 10 to block 20, UTC; the newest booked block is 17, ${hash}`,
  );
});
