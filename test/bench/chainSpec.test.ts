import { expect, test } from 'vitest';
import { planBlocks, plannedTotals } from '../../bench/ingest/chainSpec.js';
import { RequestCutter } from '../../bench/ingest/httpRequests.js';
import { parseOptions } from '../../bench/ingest/options.js';
import { goalsOf, median } from '../../bench/ingest/report.js';
import { isReached } from '../../bench/report/report.js';

const FULL = { transfers: 500_000, holders: 20_000, blocks: 5_000 };

test('the full chain has 500,000 generated transfers, a mint and 40 burns', () => {
  const transfers = planBlocks(FULL).map(({ transfers: work }) =>
    work.kind === 'distribute' ? work.last - work.first : work.count,
  );

  expect(transfers.reduce((sum, count) => sum + count)).toBe(500_000);
  expect(plannedTotals(FULL)).toEqual({
    transfers: 500_041,
    receipts: 21,
    snapshots: 8,
    // 48 claimers a snapshot, and 12 of them for the one before too, but for the first.
    claims: 8 * 48 + 7 * 12,
    redemptions: 40,
  });
});

test('nobody has to claim before all have their tokens', () => {
  const blocks = planBlocks(FULL);
  const lastDistribution = blocks.findLastIndex((block) => block.transfers.kind === 'distribute');
  const firstSnapshot = blocks.findIndex((block) =>
    block.revenue.some(({ kind }) => kind === 'snapshot'),
  );

  expect(lastDistribution).toBeLessThan(firstSnapshot);
});

test('a request that comes in pieces is passed on when it is whole', () => {
  const cutter = new RequestCutter();
  const request = 'POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\n{"a":1}';

  expect(cutter.push(Buffer.from(request.slice(0, 20)))).toEqual([]);
  expect(cutter.push(Buffer.from(request.slice(20, 44)))).toEqual([]);
  const [whole, ...more] = cutter.push(Buffer.from(request.slice(44) + request));

  expect(whole?.body).toBe('{"a":1}');
  expect(whole?.bytes.toString()).toBe(request);
  expect(more).toHaveLength(1);
});

test('the median of an even number of runs is between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
});

test('the report of bench:ingest names the goals that are missed', () => {
  const servers = { postgresCpuSeconds: 0, nodeCpuSeconds: 0, peakMegabytes: 0 };
  const goals = goalsOf([
    { contender: 'ours', wallSeconds: 10, ingestSeconds: 9, cpuSeconds: 9, ...servers },
    { contender: 'floor', wallSeconds: 3, ingestSeconds: 3, cpuSeconds: 2, ...servers },
    { contender: 'plain', wallSeconds: 70, ingestSeconds: 63, cpuSeconds: 40, ...servers },
    { contender: 'ponder-cached', wallSeconds: 30, ingestSeconds: 20, cpuSeconds: 40, ...servers },
  ]);

  expect(goals).toMatchObject([
    { what: 'CPU time against floor', measured: 4.5, wanted: 4, side: 'at most' },
    { what: 'events/s against plain squid', measured: 7, wanted: 7, side: 'at least' },
    { what: expect.stringMatching(/Ponder from its cache$/), measured: 3, wanted: 3 },
  ]);
  expect(goals.map(isReached)).toEqual([false, true, true]);
});

test('bench:ingest runs before a contender whom it needs', () => {
  expect(parseOptions(['--only', 'ponder-cached,floor'])?.contenders).toEqual([
    ...['ours', 'floor', 'ponder', 'ponder-cached'],
  ]);
});
