/** `npm run bench:api`: how fast we answer over a million holders, against http and pg by hand. */
import { bench } from './api/bench.js';
import { parseOptions, USAGE } from './api/options.js';
import { misses, resultTable } from './api/report.js';

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
  const { holders, connections, runs } = options;
  report(`${holders} holders, ${connections} connections; every answer is that of the limit`);
  const results = await bench(options, report);
  report(`\nMedians of ${runs} runs:\n`);
  report(resultTable(results));
  for (const missed of misses(results)) report(`not reached: ${missed}`);
}

function describe(error: Error): string {
  return 'code' in error ? `${error.code}: ${error.message}` : (error.stack ?? error.message);
}
