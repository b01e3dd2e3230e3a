import { expect, test } from 'vitest';
import { LAST_CHAIN_ID, LAST_GROUPED_CHAIN_ID } from '../../src/chainIds.js';
import {
  chainIdOf,
  groupKey,
  isGroup,
  isJoining,
  joiningKey,
  registryKey,
} from '../../src/store/booksKey.js';

test('joining books of a chain have the negative of its id as their key', () => {
  expect(joiningKey(1)).toBe(-1);
  expect(joiningKey(joiningKey(1))).toBe(-1);
  expect(chainIdOf(joiningKey(8453))).toBe(8453);
  expect([1, -1].map(isJoining)).toEqual([false, true]);
});

test('groups of a chain have keys that no joining books of any chain have', () => {
  for (const chainId of [1, 8453, LAST_GROUPED_CHAIN_ID]) {
    const keys = [0, 1, 63].map((place) => groupKey(chainId, place));
    for (const key of keys) {
      expect(Number.isSafeInteger(key)).toBe(true);
      expect(key).toBeLessThan(joiningKey(LAST_CHAIN_ID));
      expect([chainIdOf(key), registryKey(key)]).toEqual([chainId, chainId]);
      expect([isGroup(key), isJoining(key)]).toEqual([true, false]);
    }
    expect(new Set(keys).size).toBe(3);
  }
  expect([1, joiningKey(LAST_CHAIN_ID)].map(isGroup)).toEqual([false, false]);
  expect(registryKey(joiningKey(1))).toBe(-1);
});
