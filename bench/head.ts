/** `npm run bench:head`: how long after the node has a block the API answers with it and announces it. */
import { type HeadResult, measureHead } from './head/measure.js';
import { type HeadBenchOptions, parseOptions, USAGE, type Way } from './head/options.js';
import { runProgram } from './program.js';
import type { BenchReport, Goal } from './report/report.js';

/** Wanted of 99 blocks in 100, in milliseconds: without polling, and on top of the interval of polls. */
const AT_MOST_MS = { newHeads: 150, poll: 100 };
/** Of fewer blocks, one in 100 says nothing. */
const BLOCKS_AT_LEAST = 100;

await runProgram({ name: 'head', parse: parseOptions, usage: USAGE, run });

async function run(options: HeadBenchOptions): Promise<BenchReport> {
  const results = await measureHead(options);
  return {
    tables: [
      {
        title: null,
        headings: [
          'new blocks',
          'blocks',
          'to the answer: p50 ms',
          'p99 ms',
          'to the subscription: p50 ms',
          'p99 ms',
        ],
        rows: results.map(({ way, answerMs, subscriptionMs }) => {
          const figures = [answerMs, subscriptionMs].flatMap((took) => [
            at(took, 0.5),
            at(took, 0.99),
          ]);
          const blocks = String(answerMs.length);
          return [titleOf(way, options), blocks, ...figures.map((ms) => ms.toFixed(0))];
        }),
      },
    ],
    goals:
      options.blocks < BLOCKS_AT_LEAST ? [] : results.flatMap((result) => goals(result, options)),
    plots: [],
  };
}

function goals({ way, answerMs, subscriptionMs }: HeadResult, options: HeadBenchOptions): Goal[] {
  const wanted = AT_MOST_MS[way] + (way === 'poll' ? options.pollMs : 0);
  const of = (what: string, took: readonly number[]): Goal => ({
    what: `${titleOf(way, options)}: p99 to the ${what}`,
    measured: at(took, 0.99),
    wanted,
    side: 'at most',
    unit: ' ms',
  });
  return [of('answer', answerMs), of('subscription', subscriptionMs)];
}

function titleOf(way: Way, { pollMs }: HeadBenchOptions): string {
  return way === 'poll' ? `asked for every ${pollMs} ms` : 'announced by the node';
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}
