/** `npm run bench:ingest`: how fast we index, against a limit and against a plain squid. */
import { bench } from './ingest/bench.js';
import { plannedTotals } from './ingest/chainSpec.js';
import { parseOptions, USAGE } from './ingest/options.js';
import { resultTable } from './ingest/report.js';

const report = (line: string) => process.stdout.write(`${line}\n`);

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error ${error instanceof Error ? describe(error) : error}\n`);
  process.exitCode = 1;
}

async function main(argv: readonly string[]): Promise<void> {
  const options = parseOptions(argv);
  if (options === null) {
    report(USAGE);
    return;
  }
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

function describe(error: Error): string {
  return 'code' in error ? `${error.code}: ${error.message}` : (error.stack ?? error.message);
}
