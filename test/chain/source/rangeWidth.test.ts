import { expect, test } from 'vitest';
import { RangeWidth } from '../../../src/chain/source/finders/rangeWidth.js';

const FAST_MS = 50;
const SLOW_MS = 6_000;

/** The widths of the next ranges, each answered with so many entries a block. */
function widths(width: RangeWidth, entriesPerBlock: number, count: number, tookMs = FAST_MS) {
  return Array.from({ length: count }, () => {
    const blocks = width.next();
    const entries = Math.round(blocks * entriesPerBlock);
    width.answered({ from: 1, to: blocks }, entries, tookMs);
    return blocks;
  });
}

test('after 60 blocks with few entries, the next range is as wide as they promise a short answer', () => {
  const width = new RangeWidth();
  width.answered({ from: 1, to: 60 }, 2, FAST_MS);
  expect(width.next()).toBe(16_000);
  width.answered({ from: 61, to: 16_060 }, 64, FAST_MS);
  expect(width.next()).toBe(50_000);
});

test('where blocks have many entries, ranges grow by what an answer brought', () => {
  const width = new RangeWidth();
  width.answered({ from: 1, to: 60 }, 60, FAST_MS);
  expect(widths(width, 1, 3)).toEqual([1_000, 2_000, 2_000]);
});

test('a slow answer halves the next range, which grows twofold after that', () => {
  const width = new RangeWidth();
  width.answered({ from: 1, to: 1_000 }, 0, FAST_MS);
  expect(width.next()).toBe(16_000);
  width.answered({ from: 1, to: 16_000 }, 0, SLOW_MS);
  expect(widths(width, 0.15, 3, 600)).toEqual([8_000, 16_000, 16_000]);
});

test('no range is wider than the config says', () => {
  expect(widths(new RangeWidth(3_000), 0, 3)).toEqual([1_000, 3_000, 3_000]);
});
