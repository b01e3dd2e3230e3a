import { expect, test } from 'vitest';
import { DenseStretches } from '../../../src/chain/source/denseStretches.js';
import type { Finder } from '../../../src/chain/source/finders/finder.js';
import { FinderFailure, foundUnits } from '../../../src/chain/source/foundUnits.js';
import type { ReadBlock } from '../../../src/chain/source/reader.js';
import { inOne, type Searched, UnitSize } from '../../../src/chain/source/units.js';

const hit = (height: number) => ({ height, transactions: null });
const hits = (count: number) => Array.from({ length: count }, (_, index) => hit(10 * index + 5));

function blocksOf(transactions: number): ReadBlock[] {
  const block = { height: 1, hash: '0x1', block: { transactions: Array(transactions).fill('0x') } };
  return [{ block, isWhole: true }] as unknown as ReadBlock[];
}

test('units cover a piece without a gap, each up to its last hit', () => {
  const units = [...new UnitSize().unitsOf(3, { to: 2_000, hits: hits(100), foundBy: 'ranges' })];
  expect(units.map(({ from, to, hits: { length } }) => [from, to, length])).toEqual([
    [3, 395, 40],
    [396, 795, 40],
    [796, 2_000, 20],
  ]);
});

test('a piece without hits is one unit', () => {
  const units = [...new UnitSize().unitsOf(3, { to: 9, hits: [], foundBy: 'state' })];
  expect(units).toEqual([{ from: 3, to: 9, hits: [], foundBy: 'state' }]);
});

test('more blocks with few transactions are read at once than full ones', () => {
  const size = new UnitSize();
  const sizes = () =>
    [...size.unitsOf(1, { to: 2_000, hits: hits(200), foundBy: 'ranges' })].map(
      (unit) => unit.hits.length,
    );
  size.measure(blocksOf(20));
  expect(size).toMatchObject({ working: 8, waiting: 16 });
  expect(sizes()).toEqual([98, 98, 4]);
  size.measure([]);
  expect(sizes()).toEqual([98, 98, 4]);
  size.measure(blocksOf(21));
  expect(size).toMatchObject({ working: 4, waiting: 10 });
  expect(sizes()).toEqual([40, 40, 40, 40, 40]);
});

test('pieces that follow each other make up one; a gap between them is refused', () => {
  const [first, second] = [
    { to: 7, hits: [hit(5)] },
    { to: 20, hits: [hit(15)] },
  ];
  expect(inOne([first, second], 1, 20)).toEqual({ to: 20, hits: [hit(5), hit(15)] });
  expect(() => inOne([second, first], 1, 20)).toThrow(RangeError);
  expect(() => inOne([first, { to: 30, hits: [] }], 1, 20)).toThrow(RangeError);
  expect(() => inOne([{ to: 7, hits: [hit(8)] }], 1, 20)).toThrow(RangeError);
});

test('a few hits wait for more while two parts are read, and are read at once otherwise', async () => {
  const size = new UnitSize();
  const ends: (() => void)[] = [];
  const read = () => size.whileReading(() => new Promise<void>((end) => ends.push(end)));
  const reads = [read()];
  expect(size.isWorthWaiting(39)).toBe(false);
  reads.push(read());
  expect(size.isWorthWaiting(39)).toBe(true);
  expect(size.isWorthWaiting(40)).toBe(false);
  ends[0]?.();
  await reads[0];
  expect(size.isWorthWaiting(39)).toBe(false);
  const failing = [read(), size.whileReading(() => Promise.reject(new Error('no answer')))];
  expect(size.isWorthWaiting(39)).toBe(true);
  await expect(failing[1]).rejects.toThrow('no answer');
  ends[2]?.();
  await failing[0];
  expect(size.isWorthWaiting(39)).toBe(false);
});

test('the few hits that are left of a piece are read with those of the next piece', async () => {
  const unitSize = new UnitSize();
  unitSize.measure(blocksOf(1));
  const pieces = [0, 1, 2].map((index) => ({
    to: 1_000 * (index + 1),
    hits: hits(100).map(({ height }) => hit(1_000 * index + height)),
  }));
  const finder = {
    ...{ kind: 'ranges', describe: () => '', height: async () => 3_000 },
    async *find() {
      for (const piece of pieces) {
        yield piece;
        // Each piece comes by itself.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  } as const satisfies Finder;
  const dense = new DenseStretches();
  dense.isUnknown = false;
  const options = { unitSize, dense, signal: new AbortController().signal };
  const reads = [0, 1].map(() => unitSize.whileReading(() => new Promise<void>(() => undefined)));
  expect(reads).toHaveLength(2);
  const units: Searched[] = [];
  const range = { from: 1, to: 3_000 };
  for await (const unit of foundUnits(finder, range, {}, new FinderFailure(), options)) {
    units.push(unit);
  }
  expect(units.map((unit) => unit.hits.length)).toEqual([98, 98, 98, 6]);
  expect(units.map(({ from }) => from)).toEqual([1, ...units.slice(0, -1).map(({ to }) => to + 1)]);
  expect(units.at(-1)?.to).toBe(3_000);
});
