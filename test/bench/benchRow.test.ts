import { expect, test } from 'vitest';
import { type BenchRow, rowsTable } from '../../bench/benchRow.js';
import { growthRows, verdictOf } from '../../bench/growth/report.js';
import { goalsOf } from '../../bench/offering/report.js';
import { isReached } from '../../bench/report/report.js';

const taken = (seconds: number) => ({ seconds, cpuSeconds: seconds });
const turn = {
  opening: taken(1),
  operations: 300_000,
  peakMegabytes: 300.4,
  postgresCpuSeconds: 1,
  nodeCpuSeconds: 1,
  traffic: { requests: 3, callsByMethod: { eth_call: 4, eth_getLogs: 2 } },
};
const size = (transfers: number, seconds: number) => {
  return { ...turn, ingest: taken(seconds), transfers, bytes: transfers * 400 };
};

test('bench:growth calls a rate flat that is 0.9 of that at the smallest size, and misses its goal below', () => {
  const flat = growthRows([size(500_000, 10), size(1_000_000, 25), size(3_000_000, 66)]);
  expect(flat.map(({ figures }) => figures['transfers/s'])).toEqual([50_000, 40_000, 45_455]);
  expect(flat.map(({ figures }) => figures['bytes a transfer'])).toEqual([400, 400, 400]);
  expect(verdictOf(flat)).toBe('the rate is flat');
  const falling = growthRows([size(500_000, 10), size(3_000_000, 67)]);
  expect(verdictOf(falling)).toBe('the rate falls');
  expect(falling.map(({ goal }) => goal === null || isReached(goal))).toEqual([true, false]);
});

test('bench:offering wants 8,000 operations a second near the node, and 25 times the former rate far from it', () => {
  const at = (latencyMs: number, seconds: number) => {
    return { ...turn, ingest: taken(seconds), latencyMs, ledgerHash: '0x' };
  };
  const runs = [at(0, 37.5), at(0, 37.6), at(100, 25.5), at(100, 25.6), at(20, 900)];
  expect(goalsOf(runs, { isShort: false }).map(isReached)).toEqual([true, false, true, false]);
  expect(goalsOf(runs, { isShort: true })).toEqual([]);
});

test('a table of a bench has a column for each figure, empty where a row has none', () => {
  const rows: BenchRow[] = [
    { what: 'one', figures: { seconds: 1.234, 'peak MB': 120 }, goal: null },
    { what: 'two', figures: { calls: 12.345 }, goal: null },
  ];
  expect(rowsTable(rows)).toEqual({
    title: null,
    headings: ['', 'seconds', 'peak MB', 'calls'],
    rows: [
      ['one', '1.23', '120', ''],
      ['two', '', '', '12.3'],
    ],
  });
});
