/** `npm run bench:series`: how fast the API answers series by day over two years and a million holders. */
import { runProgram } from './program.js';
import type { BenchReport } from './report/report.js';
import { bench } from './series/bench.js';
import { parseOptions, type SeriesBenchOptions, USAGE } from './series/options.js';

const MS_AT_MOST = 100;
/** Wanted of so many holders. */
const HOLDERS = 1_000_000;

await runProgram({ name: 'series', parse: parseOptions, usage: USAGE, run });

async function run(options: SeriesBenchOptions, say: (line: string) => void): Promise<BenchReport> {
  const results = await bench(options, say);
  return {
    tables: [
      {
        title: null,
        headings: [
          'series by day',
          'first ms',
          'after a commit ms',
          'p50 ms',
          'p95 ms',
          'CPU ms of server',
          'of database',
        ],
        rows: results.map(
          ({ title, firstMs, changedMs, p50Ms, p95Ms, serverCpuMs, databaseCpuMs }) => {
            const figures = [firstMs, changedMs, p50Ms, p95Ms, serverCpuMs, databaseCpuMs];
            return [title, ...figures.map((ms) => ms.toFixed(0))];
          },
        ),
      },
    ],
    goals: (options.holders < HOLDERS ? [] : results).map(({ title, p50Ms }) => ({
      what: `${title}: p50`,
      measured: p50Ms,
      wanted: MS_AT_MOST,
      side: 'at most',
      unit: ' ms',
    })),
    plots: [],
  };
}
