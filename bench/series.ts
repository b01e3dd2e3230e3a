/** `npm run bench:series`: how fast the API answers series by day over two years and a million holders. */
import { runProgram } from './program.js';
import { bench } from './series/bench.js';
import { parseOptions, type SeriesBenchOptions, USAGE } from './series/options.js';

const MS_AT_MOST = 100;

await runProgram({ parse: parseOptions, usage: USAGE, run });

async function run(options: SeriesBenchOptions, report: (line: string) => void): Promise<void> {
  const results = await bench(options, report);
  report('\n| series by day | first ms | p50 ms | p95 ms | p50 of 100 ms |\n|---|---|---|---|---|');
  for (const { title, firstMs, p50Ms, p95Ms } of results) {
    const [first, p50, p95] = [firstMs, p50Ms, p95Ms].map((ms) => ms.toFixed(0));
    const ratio = (p50Ms / MS_AT_MOST).toFixed(2);
    report(`| ${title} | ${first} | ${p50} | ${p95} | ${ratio} |`);
  }
  for (const { title, p50Ms } of results) {
    if (p50Ms >= MS_AT_MOST) report(`not reached: ${title}: ${p50Ms.toFixed(0)} ms`);
  }
}
