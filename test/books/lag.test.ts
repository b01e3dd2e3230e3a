import { expect, test } from 'vitest';
import { lagOf } from '../../src/books/lag.js';

test('a node that is behind the books leaves no block to index, not less than none', () => {
  expect(lagOf(110, 100)).toBe(10);
  expect(lagOf(99, 100)).toBe(0);
  expect([lagOf(null, 100), lagOf(100, null)]).toEqual([null, null]);
});
