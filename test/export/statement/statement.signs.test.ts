import { expect, test } from 'vitest';
import { statementAmountColumn } from '../../../src/export/statement/layout/amounts.js';
import { isVisible, plainSigns } from '../../../src/export/statement/layout/plainSigns.js';

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
