import type { BenchRow } from '../benchRow.js';
import { isReached, type Plot } from '../report/report.js';
import type { GrowthTurn } from './measure.js';

/** Of the rate at the smallest size. */
const RATE_AT_LEAST = 0.9;

/** A row for each size; the last one says whether the rate is flat. */
export function growthRows(turns: readonly GrowthTurn[]): BenchRow[] {
  const first = turns[0];
  return turns.map((turn, index) => {
    const { transfers, ingest, postgresCpuSeconds, peakMegabytes, bytes } = turn;
    const ratio = first === undefined ? 1 : rateOf(turn) / rateOf(first);
    const isJudged = index > 0 && index === turns.length - 1;
    const each = (seconds: number) => (seconds * 1e6) / transfers;
    return {
      what: `${transfers} transfers`,
      figures: {
        'transfers/s': Math.round(rateOf(turn)),
        'of the smallest': ratio,
        seconds: ingest.seconds,
        'CPU µs a transfer': each(ingest.cpuSeconds),
        'Postgres CPU µs a transfer': each(postgresCpuSeconds),
        'peak MB': Math.round(peakMegabytes),
        'bytes a transfer': Math.round(bytes / transfers),
      },
      goal: isJudged
        ? {
            what: `rate at ${transfers} transfers, of that at the smallest size`,
            ...{ measured: ratio, wanted: RATE_AT_LEAST, side: 'at least', unit: ' ×' },
          }
        : null,
    };
  });
}

/** What the last row means. */
export function verdictOf(rows: readonly BenchRow[]): string {
  const goal = rows.at(-1)?.goal ?? null;
  if (goal === null) return 'one size alone says nothing about growth';
  return isReached(goal) ? 'the rate is flat' : 'the rate falls';
}

/** The rate at each size. */
export function ratePlot(rows: readonly BenchRow[]): Plot {
  return {
    name: 'growth',
    title: 'Transfers per second as the books grow',
    unit: 'transfers/s',
    shape: 'lines',
    categories: rows.map(({ what }) => what),
    series: [
      { name: 'transfers/s', values: rows.map(({ figures }) => figures['transfers/s'] ?? 0) },
    ],
  };
}

function rateOf({ transfers, ingest }: GrowthTurn): number {
  return transfers / ingest.seconds;
}
