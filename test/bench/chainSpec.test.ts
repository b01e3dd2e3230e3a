import { expect, test } from 'vitest';
import { planBlocks, plannedTotals } from '../../bench/ingest/chainSpec.js';
import { RequestCutter } from '../../bench/ingest/httpRequests.js';
import { median } from '../../bench/ingest/report.js';

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
