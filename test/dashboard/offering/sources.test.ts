import { expect, test } from 'vitest';
import { MOST_SERIES, REST_MARK } from '../../../dashboard/src/charts/marks.js';
import {
  type SourceRow,
  seriesOf,
  sourceColumns,
} from '../../../dashboard/src/views/offering/sources.js';

const row = (
  from: string,
  sourceAddress: string | null,
  sum: bigint,
  modelId: bigint | null = null,
): SourceRow => ({
  from,
  source: sourceAddress === null ? 'UNKNOWN' : 'ORACLE',
  sourceAddress,
  modelId,
  amountWei: { sum },
});

test('revenue is added up by step and source, the largest source first', () => {
  const { sources, columns } = sourceColumns([
    row('2026-02', '0xa', 3n, 1n),
    row('2026-01', '0xa', 1n, 1n),
    row('2026-01', '0xa', 5n, 2n),
    row('2026-02', null, 0n),
  ]);
  expect(sources).toEqual([
    { source: 'ORACLE', address: '0xa', modelId: 2n },
    { source: 'ORACLE', address: '0xa', modelId: 1n },
  ]);
  expect(columns).toEqual([
    { from: '2026-01', values: [5n, 1n] },
    { from: '2026-02', values: [0n, 3n] },
  ]);
});

test('more sources than colours: the smallest are one part, and nothing is lost', () => {
  const rows = Array.from({ length: 20 }, (_, index) =>
    row('2026-01', `0x${index}`, BigInt(index + 1)),
  );
  const { sources, columns } = sourceColumns(rows);
  expect(sources).toHaveLength(MOST_SERIES);
  expect(sources.at(-1)).toBeNull();
  expect(columns[0]?.values.reduce((sum, value) => sum + value, 0n)).toBe(210n);
});

test('each source has a colour of its own, and all others have theirs', () => {
  const { sources } = sourceColumns(
    Array.from({ length: 20 }, (_, index) => row('2026-01', `0x${index}`, BigInt(index + 1))),
  );
  const marks = seriesOf(sources, () => 'name').map(({ mark }) => mark);
  expect(new Set(marks).size).toBe(MOST_SERIES);
  expect(marks.at(-1)).toBe(REST_MARK);
});

test('a token without revenue has no sources', () => {
  expect(sourceColumns([row('2026-01', null, 0n)]).sources).toEqual([]);
});
