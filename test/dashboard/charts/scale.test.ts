import { expect, test } from 'vitest';
import {
  apart,
  gridOf,
  largestOf,
  momentsBetween,
  pixelsOf,
} from '../../../dashboard/src/charts/scale.js';

const ETH = 10n ** 18n;

test('an amount has as many pixels as its part of the highest line', () => {
  expect(pixelsOf(3n * ETH, 4n * ETH, 200)).toBe(150);
  expect(pixelsOf(0n, 4n * ETH, 200)).toBe(0);
  expect(pixelsOf(5n, 0n, 200)).toBe(0);
  expect(pixelsOf(2n ** 256n - 1n, 2n ** 256n - 1n, 200)).toBe(200);
});

test.each([
  [0n, [0n]],
  [1n, [0n, 1n]],
  [7n, [0n, 2n, 4n, 6n, 8n]],
  [1_155n, [0n, 500n, 1_000n, 1_500n]],
  [10n * ETH, [0n, 5n * ETH, 10n * ETH]],
])('the grid of %s starts at zero and ends at or above it', (largest, lines) => {
  expect(gridOf(largest)).toEqual(lines);
});

test('a grid has at most five lines, evenly apart, whatever the amount', () => {
  for (let largest = 1n; largest < 2n ** 256n; largest = largest * 3n + 1n) {
    const lines = gridOf(largest);
    expect(lines[0]).toBe(0n);
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.at(-1)).toBeGreaterThanOrEqual(largest);
    const size = lines[1] ?? 0n;
    expect(lines).toEqual(lines.map((_, index) => BigInt(index) * size));
  }
});

test('the largest of no amounts is zero', () => {
  expect([largestOf([]), largestOf([1n, 7n, 3n])]).toEqual([0n, 7n]);
});

test('labels that would overlap are moved apart, and none falls off the end', () => {
  expect(apart([10, 50], 15, 100)).toEqual([10, 50]);
  expect(apart([10, 12, 14], 15, 100)).toEqual([10, 25, 40]);
  expect(apart([90, 95, 99], 15, 100)).toEqual([70, 85, 100]);
  expect(apart([], 15, 100)).toEqual([]);
});

test('a time axis has its first and its last moment', () => {
  expect(momentsBetween(0, 100, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(momentsBetween(7, 7, 5)).toEqual([7]);
});
