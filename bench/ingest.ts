/** `npm run bench:ingest`: how fast we index, against limits, a plain squid and Ponder. */
import { bench } from './ingest/bench.js';
import { plannedTotals } from './ingest/chainSpec.js';
import { type BenchOptions, parseOptions, USAGE } from './ingest/options.js';
import { goalsOf, ratePlot, resultTable } from './ingest/report.js';
import { runProgram } from './program.js';
import type { BenchReport } from './report/report.js';

/** Fewer transfers show that the bench works: starting takes most of the time. */
const MEASURED_FROM = 100_000;

await runProgram({ name: 'ingest', parse: parseOptions, usage: USAGE, run });

async function run(options: BenchOptions, say: (line: string) => void): Promise<BenchReport> {
  const { chain, runs } = options;
  const { transfers } = plannedTotals(chain);
  say(
    `${chain.transfers} transfers, ${chain.holders} holders, ${chain.blocks} blocks; ` +
      `every result is checked`,
  );
  const results = await bench(options, say);
  return {
    tables: [
      {
        ...resultTable(results, transfers),
        title: `Medians of ${runs}; seconds from the first request for data to the end:`,
      },
    ],
    goals: chain.transfers < MEASURED_FROM ? [] : goalsOf(results),
    plots: [ratePlot(results, transfers)],
  };
}
