/** `npm run bench:series`: how fast the API answers series by day over two years and a million holders. */
import { runProgram } from './program.js';
import { bench } from './series/bench.js';
import { parseOptions, type SeriesBenchOptions, USAGE } from './series/options.js';

const MS_AT_MOST = 100;

await runProgram({ parse: parseOptions, usage: USAGE, run });

async function run(options: SeriesBenchOptions, report: (line: string) => void): Promise<void> {
  const results = await bench(options, report);
  report(
    '\n| series by day | first ms | after a commit ms | p50 ms | p95 ms | CPU ms of server | of database |\n|---|---|---|---|---|---|---|',
  );
  for (const { title, firstMs, changedMs, p50Ms, p95Ms, serverCpuMs, databaseCpuMs } of results) {
    const figures = [firstMs, changedMs, p50Ms, p95Ms, serverCpuMs, databaseCpuMs];
    report(`| ${[title, ...figures.map((ms) => ms.toFixed(0))].join(' | ')} |`);
  }
  for (const { title, p50Ms } of results) {
    if (p50Ms >= MS_AT_MOST) report(`not reached: ${title}: ${p50Ms.toFixed(0)} ms`);
  }
}
