/**
 * `npm run bench:tokens`: the same operations over few and over many tokens of a factory. Fails where ingest over
 * the many takes more than 1.5 times the CPU or the time. `--once`: over the many alone, without a verdict.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FINDER_KINDS } from '../src/config/source/finderKinds.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { measureTokens, type TokensRun } from './tokens/measure.js';

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '3' },
    many: { type: 'string', default: '300' },
    operations: { type: 'string', default: '3600' },
    /** Empty blocks after each block with operations. */
    gap: { type: 'string', default: '3' },
    runs: { type: 'string', default: '3' },
    finder: { type: 'string', default: 'ranges' },
    once: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});

const RATIO_AT_MOST = 1.5;
const say = (line: string) => process.stdout.write(`${line}\n`);
const finder = FINDER_KINDS.find((kind) => kind === values.finder) ?? 'ranges';
const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-tokens-'));
const database = await openEmbedded({ folder, ephemeral: true });
try {
  const measure = async (tokens: number) => {
    const spec = { tokens, operations: Number(values.operations), gap: Number(values.gap) };
    const runs = await measureTokens(spec, {
      runs: Number(values.runs),
      finder,
      databaseServerUrl: database.url,
      profileFolder: values.profiles ?? null,
    });
    for (const run of runs) say(`${tokens} tokens: ${text(run)}`);
    return runs;
  };
  const few = values.once ? null : await measure(Number(values.few));
  const many = await measure(Number(values.many));
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

function text({
  opening,
  ingest,
  operations,
  peakMegabytes,
  postgresCpuSeconds,
}: TokensRun): string {
  return (
    `opened in ${opening.seconds.toFixed(1)} s (CPU ${opening.cpuSeconds.toFixed(1)} s), ` +
    `${operations} operations in ${ingest.seconds.toFixed(1)} s (CPU ${ingest.cpuSeconds.toFixed(1)} s), ` +
    `${peakMegabytes.toFixed(0)} MB, PostgreSQL ${postgresCpuSeconds.toFixed(1)} s`
  );
}
