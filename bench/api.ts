/** `npm run bench:api`: how fast the API answers over a million holders, against plain http and pg. */
import { bench } from './api/bench.js';
import { type ApiBenchOptions, parseOptions, USAGE } from './api/options.js';
import { misses, resultTable } from './api/report.js';
import { runProgram } from './program.js';

await runProgram({ parse: parseOptions, usage: USAGE, run });

async function run(options: ApiBenchOptions, report: (line: string) => void): Promise<void> {
  const { holders, connections, runs } = options;
  report(
    `${holders} holders; ${connections.join(', ')} connections; every answer is that of the limit`,
  );
  const results = await bench(options, report);
  if (options.isShort) return report('It works. The short form measures nothing.');
  report(`\nMedians of ${runs} runs:\n`);
  report(resultTable(results));
  for (const missed of misses(results)) report(`not reached: ${missed}`);
}
