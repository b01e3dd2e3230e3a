/** `npm run bench:api`: how fast the API answers over a million holders, against plain http and pg. */
import { bench } from './api/bench.js';
import { type ApiBenchOptions, parseOptions, USAGE } from './api/options.js';
import { goals, ratioPlot, resultTable } from './api/report.js';
import { runProgram } from './program.js';
import type { BenchReport } from './report/report.js';

await runProgram({ name: 'api', parse: parseOptions, usage: USAGE, run });

async function run(options: ApiBenchOptions, say: (line: string) => void): Promise<BenchReport> {
  const { holders, connections, runs } = options;
  say(
    `${holders} holders; ${connections.join(', ')} connections; every answer is that of the limit`,
  );
  const results = await bench(options, say);
  if (options.isShort) {
    say('It works. The short form measures nothing.');
    return { tables: [], goals: [], plots: [] };
  }
  const table = { ...resultTable(results), title: `Medians of ${runs} runs:` };
  return { tables: [table], goals: goals(results), plots: [ratioPlot(results)] };
}
