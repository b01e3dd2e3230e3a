/** `npm run bench:head`: how long after the node has a block the API answers with it and announces it. */
import { measureHead } from './head/measure.js';
import { type HeadBenchOptions, parseOptions, USAGE, type Way } from './head/options.js';
import { runProgram } from './program.js';

/** Wanted of 99 blocks in 100, in milliseconds: without polling, and on top of the interval of polls. */
const AT_MOST_MS = { newHeads: 150, poll: 100 };

await runProgram({ parse: parseOptions, usage: USAGE, run });

async function run(options: HeadBenchOptions, report: (line: string) => void): Promise<void> {
  const results = await measureHead(options);
  report(
    '| new blocks | blocks | to the answer: p50 ms | p99 ms | to the subscription: p50 ms | p99 ms |',
  );
  report('|---|---|---|---|---|---|');
  for (const { way, answerMs, subscriptionMs } of results) {
    const figures = [answerMs, subscriptionMs].flatMap((took) => [at(took, 0.5), at(took, 0.99)]);
    const cells = [titleOf(way, options), answerMs.length, ...figures.map((ms) => ms.toFixed(0))];
    report(`| ${cells.join(' | ')} |`);
  }
  for (const result of results) {
    const most = AT_MOST_MS[result.way] + (result.way === 'poll' ? options.pollMs : 0);
    const p99 = Math.max(at(result.answerMs, 0.99), at(result.subscriptionMs, 0.99));
    if (p99 >= most) {
      report(
        `not reached: ${titleOf(result.way, options)}: p99 ${p99.toFixed(0)} ms, wanted ${most} ms`,
      );
    }
  }
}

function titleOf(way: Way, { pollMs }: HeadBenchOptions): string {
  return way === 'poll' ? `asked for every ${pollMs} ms` : 'announced by the node';
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}
