/**
 * `npm run bench:tokens`: the same operations over few and over many tokens of a generated chain. Fails where ingest
 * over the many takes more than 1.5 times the CPU or the time. `--once`: over the many alone, without a verdict.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { runProgram } from './program.js';
import type { BenchReport } from './report/report.js';
import { measureTokens } from './tokens/measure.js';
import { parseOptions, type TokensBenchOptions, USAGE } from './tokens/options.js';
import { goals, resultTable, runText } from './tokens/report.js';

await runProgram({ name: 'tokens', parse: parseOptions, usage: USAGE, run });

async function run(options: TokensBenchOptions, say: (line: string) => void): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-tokens-'));
  const database = await openEmbedded({ folder, ephemeral: true });
  try {
    const measure = async (tokens: number) => {
      const spec = { ...options.spec, tokens };
      const runs = await measureTokens(spec, { ...options, databaseServerUrl: database.url });
      for (const each of runs) say(`${tokens} tokens: ${runText(each, options.hasCalls)}`);
      return runs;
    };
    const few = options.isOnce ? [] : await measure(options.few);
    const many = await measure(options.many);
    const runs = [
      ...few.map((each) => [options.few, each] as const),
      ...many.map((each) => [options.many, each] as const),
    ];
    return {
      tables: [resultTable(runs)],
      goals: options.isOnce ? [] : goals(few, many),
      plots: [],
    };
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}
