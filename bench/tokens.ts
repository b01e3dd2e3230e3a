/**
 * `npm run bench:tokens`: the same operations over few and over many tokens of a generated chain. Fails where ingest
 * over the many takes more than 1.5 times the CPU or the time. `--once`: over the many alone, without a verdict.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { DEFAULT_SPEC } from './node/spec.js';
import { finderNamed, wholeNumber } from './optionValues.js';
import { measureTokens, type TokensRun } from './tokens/measure.js';

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '3' },
    many: { type: 'string', default: '300' },
    operations: { type: 'string', default: '100000' },
    /** Pairs of token and holder, over all tokens. */
    holders: { type: 'string', default: '6000' },
    /** Empty blocks after each block with operations. */
    gap: { type: 'string', default: '3' },
    runs: { type: 'string', default: '1' },
    finder: { type: 'string', default: 'ranges' },
    /** Name the tokens by their addresses in place of the factory. */
    listed: { type: 'boolean', default: false },
    /** Say how often each method of the node was asked. */
    calls: { type: 'boolean', default: false },
    once: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});

const RATIO_AT_MOST = 1.5;
const say = (line: string) => process.stdout.write(`${line}\n`);
const finder = finderNamed(values.finder);
const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-tokens-'));
const database = await openEmbedded({ folder, ephemeral: true });
try {
  const measure = async (tokens: number) => {
    const spec = {
      ...DEFAULT_SPEC,
      tokens,
      operations: wholeNumber('operations', values.operations, 1),
      holders: wholeNumber('holders', values.holders, 1),
      gap: wholeNumber('gap', values.gap, 0),
    };
    const runs = await measureTokens(spec, {
      runs: wholeNumber('runs', values.runs, 1),
      finder,
      by: values.listed ? 'addresses' : 'factory',
      databaseServerUrl: database.url,
      profileFolder: values.profiles ?? null,
    });
    for (const run of runs) say(`${tokens} tokens: ${text(run)}`);
    return runs;
  };
  const few = values.once ? null : await measure(wholeNumber('few', values.few, 1));
  const many = await measure(wholeNumber('many', values.many, 1));
  if (few !== null) judge(few, many);
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}

function judge(few: readonly TokensRun[], many: readonly TokensRun[]): void {
  const ratios = {
    'CPU of ingest': ratio(few, many, ({ ingest }) => ingest.cpuSeconds),
    'time of ingest': ratio(few, many, ({ ingest }) => ingest.seconds),
  };
  for (const [name, value] of Object.entries(ratios)) {
    const isTooMuch = value > RATIO_AT_MOST;
    say(`${name}: ${value.toFixed(2)} ×${isTooMuch ? ' TOO MUCH' : ''}`);
    if (isTooMuch) process.exitCode = 1;
  }
}

function ratio(
  few: readonly TokensRun[],
  many: readonly TokensRun[],
  of: (run: TokensRun) => number,
): number {
  const best = (runs: readonly TokensRun[]) => Math.min(...runs.map(of));
  return best(many) / best(few);
}

function text(run: TokensRun): string {
  const { opening, ingest, operations, peakMegabytes, serving, traffic } = run;
  const calls = Object.entries(traffic.callsByMethod).sort(([, a], [, b]) => b - a);
  const lines = [
    `opened in ${opening.seconds.toFixed(1)} s (CPU ${opening.cpuSeconds.toFixed(1)} s), ` +
      `${operations} operations in ${ingest.seconds.toFixed(1)} s (CPU ${ingest.cpuSeconds.toFixed(1)} s), ` +
      `${peakMegabytes.toFixed(0)} MB, PostgreSQL ${run.postgresCpuSeconds.toFixed(1)} s, ` +
      `node ${run.nodeCpuSeconds.toFixed(1)} s`,
    `started again in ${run.restartSeconds.toFixed(1)} s; serves ${serving.tokens} tokens after ` +
      `${serving.startSeconds.toFixed(1)} s, a page of them in ` +
      serving.querySeconds.map((seconds) => `${(1000 * seconds).toFixed(0)} ms`).join(', then '),
  ];
  if (values.calls) lines.push(...calls.map(([method, count]) => `${method} ${count}`));
  return lines.join('\n  ');
}
