import { expect, test } from 'vitest';
import { byPlace, withdrawnRows } from '../../../dashboard/src/views/offering/withdrawn.js';

const row = (id: string, block: number, index = 0, position = 0) => ({
  id,
  place: [block, index, position] as const,
});

test('rows are ordered by block, transaction and position, the newest first', () => {
  const rows = [row('a', 1), row('b', 2), row('c', 2, 1), row('d', 2, 1, 1)];
  expect(rows.toSorted(byPlace).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
});

test('a row that is not there any more was taken back', () => {
  expect(withdrawnRows([row('b', 2), row('a', 1)], [row('a', 1)], 20).map(({ id }) => id)).toEqual([
    'b',
  ]);
});

test('a row that newer rows pushed off the end was not taken back', () => {
  const before = [row('b', 2), row('a', 1)];
  expect(withdrawnRows(before, [row('c', 3), row('b', 2)], 2)).toEqual([]);
});

test('a row that was taken back is found while newer rows fill the list', () => {
  const before = [row('c', 3), row('b', 2)];
  const gone = withdrawnRows(before, [row('d', 3), row('b', 2)], 2);
  expect(gone.map(({ id }) => id)).toEqual(['c']);
});

test('when a reorg takes everything back, every row is', () => {
  expect(withdrawnRows([row('b', 2), row('a', 1)], [], 20)).toHaveLength(2);
});
