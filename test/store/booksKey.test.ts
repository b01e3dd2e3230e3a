import { expect, test } from 'vitest';
import { chainIdOf, isJoining, joiningKey } from '../../src/store/booksKey.js';

test('joining books of a chain have the negative of its id as their key', () => {
  expect(joiningKey(1)).toBe(-1);
  expect(joiningKey(joiningKey(1))).toBe(-1);
  expect(chainIdOf(joiningKey(8453))).toBe(8453);
  expect([1, -1].map(isJoining)).toEqual([false, true]);
});
