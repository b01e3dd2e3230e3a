/** `npm run bench:ingest`: how fast we index, against a limit and against a plain squid. */
import { bench } from './ingest/bench.js';
import { plannedTotals } from './ingest/chainSpec.js';
import { parseOptions, USAGE } from './ingest/options.js';
import { resultTable } from './ingest/report.js';

const options = parseOptions(process.argv.slice(2));
if (options === null) {
  process.stdout.write(USAGE);
} else {
  const { chain, runs } = options;
  const report = (line: string) => process.stdout.write(`${line}\n`);
  report(
    `${chain.transfers} transfers, ${chain.holders} holders, ${chain.blocks} blocks; ` +
      `every result is checked`,
  );
  const results = await bench(options, report);
  report(`\nMedians of ${runs}; seconds from the first request for data to the end:\n`);
  report(resultTable(results, plannedTotals(chain).transfers));
}
