import { expect, test } from 'vitest';
import { ingestThreads } from '../../../src/cli/wiring/ingestThreads.js';

test.each([
  [1, 0],
  [3, 0],
  [4, 1],
  [7, 1],
  [8, 2],
  [64, 2],
])('on a machine with %i cores, %i threads read blocks once a backfill is long', (cores, count) => {
  expect(ingestThreads({}, cores)).toEqual({ count, itemsBefore: 20_000 });
  expect(ingestThreads({ INGEST_WORKERS: '' }, cores)).toMatchObject({ count });
});

test.each(['0', '1', '16'])(
  'INGEST_WORKERS=%s decides on any machine, from the first block on',
  (wanted) => {
    const threads = { count: Number(wanted), itemsBefore: 0 };
    for (const cores of [1, 64]) {
      expect(ingestThreads({ INGEST_WORKERS: wanted }, cores)).toEqual(threads);
    }
  },
);

test.each(['17', '-1', '1.5', '1e1', ' 2', 'two', '0x2'])(
  'INGEST_WORKERS=%s is refused, with the numbers that are possible',
  (wanted) => {
    expect(() => ingestThreads({ INGEST_WORKERS: wanted }, 4)).toThrow(
      expect.objectContaining({
        code: 'INGEST_WORKERS_INVALID',
        message: `the environment variable INGEST_WORKERS is "${wanted}"`,
        hint: 'Set it to a number of threads from 0 to 16, or unset it.',
      }),
    );
  },
);
