/** `npm run bench:ingest`: how fast we index, against a limit and against a plain squid. */
import { bench } from './ingest/bench.js';
import { plannedTotals } from './ingest/chainSpec.js';
import { type BenchOptions, parseOptions, USAGE } from './ingest/options.js';
import { resultTable } from './ingest/report.js';
import { runProgram } from './program.js';

await runProgram({ parse: parseOptions, usage: USAGE, run });

async function run(options: BenchOptions, report: (line: string) => void): Promise<void> {
  const { chain, runs } = options;
  const { transfers } = plannedTotals(chain);
  report(
    `${chain.transfers} transfers, ${chain.holders} holders, ${chain.blocks} blocks; ` +
      `every result is checked`,
  );
  const results = await bench(options, report);
  report(`\nMedians of ${runs}; seconds from the first request for data to the end:\n`);
  report(resultTable(results, transfers));
}
