import { expect, test } from 'vitest';
import { eachBlock } from '../../../src/chain/source/eachBlock.js';
import type { MappedBlock } from '../../../src/chain/source/mappedBlock.js';

const CHUNK = 10_000;

interface Read {
  readonly from: number;
  readonly to: number;
}

/** Reads a range of a chain of which each block has as many items as `itemsAt` says. */
async function partsOf(
  { from, to, heads }: Read & { readonly heads: number[] },
  itemsAt: (height: number) => number,
): Promise<{ parts: Read[]; delivered: number[]; isHead: boolean[] }> {
  const parts: Read[] = [];
  const delivered: number[] = [];
  const isHead: boolean[] = [];
  const batches = eachBlock(
    {
      finalizedHeight: async () => (heads.length > 1 ? heads.shift() : heads[0]) ?? 0,
      readPart: async (range) => {
        parts.push(range);
        const heights = Array.from({ length: range.to - range.from + 1 }, (_, i) => range.from + i);
        return {
          blocks: heights.map((height) => ({ header: { height } }) as unknown as MappedBlock),
          items: heights.reduce((sum, height) => sum + itemsAt(height), 0),
        };
      },
      ahead: { working: 1, waiting: 1 },
      pollMs: 1,
      signal: new AbortController().signal,
    },
    [{ range: { from, to }, request: {} }],
    true,
  );
  for await (const batch of batches) {
    delivered.push(...batch.blocks.map(({ header }) => header.height));
    isHead.push(batch.isHead);
  }
  return { parts, delivered, isHead };
}

const sizes = (parts: readonly Read[]) => parts.map(({ from, to }) => to - from + 1);

test('parts of small blocks grow up to fifty blocks', async () => {
  const { parts, delivered } = await partsOf({ from: 1, to: 300, heads: [300] }, () => 10);
  expect(sizes(parts)).toEqual([4, 8, 16, 32, 50, 50, 50, 50, 40]);
  expect(delivered).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
});

test('parts of full blocks shrink at once, down to a block each', async () => {
  const { parts } = await partsOf({ from: 1, to: 40, heads: [40] }, (height) =>
    height < 20 ? 100 : CHUNK,
  );
  expect(sizes(parts)).toEqual([4, 8, 16, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test('a range that ends above the newest final block is read up to it', async () => {
  const { parts, isHead } = await partsOf({ from: 1, to: 1_000, heads: [15, 18, 18] }, () => 1);
  expect(parts.at(-1)?.to).toBe(18);
  expect(isHead).toEqual([false, false, false, true]);
});
