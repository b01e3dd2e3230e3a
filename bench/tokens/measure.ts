import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { migrate } from '../../src/store/database/migrate.js';
import { createDatabase, dropDatabase } from '../ingest/databases.js';
import { cpuSecondsOf, pidBelowUs } from '../ingest/processUsage.js';
import { buildTokensChain, type TokensSpec } from './chain.js';
import type { TokensResult, TokensTask } from './child.js';
import { frontWithoutProofs } from './front.js';

const CHILD = join(PROJECT_ROOT, 'dist', 'bench', 'tokens', 'child.js');
const run = promisify(execFile);

export interface MeasureOptions {
  readonly runs: number;
  readonly finder: TokensTask['finder'];
  readonly databaseServerUrl: string;
  /** Folder for CPU profiles of the indexer. */
  readonly profileFolder: string | null;
}

export interface TokensRun extends TokensResult {
  readonly postgresCpuSeconds: number;
}

/** Indexes a chain several times, each time into a new database. */
export async function measureTokens(
  spec: TokensSpec,
  { runs, finder, databaseServerUrl, profileFolder }: MeasureOptions,
): Promise<TokensRun[]> {
  const { node, factory, lastBlock } = await buildTokensChain(spec);
  const front = await frontWithoutProofs(node.url);
  try {
    const results: TokensRun[] = [];
    for (let turn = 0; turn < runs; turn++) {
      const databaseUrl = await createDatabase(databaseServerUrl, `bench_tokens_${spec.tokens}`);
      await migrate(databaseUrl);
      const task = { rpcUrl: front.url, factory, to: lastBlock, databaseUrl, finder };
      const flags =
        profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileFolder)}`];
      const postgres = pidBelowUs('postgres');
      const before = cpuSecondsOf(postgres);
      const { stdout } = await run(process.execPath, [...flags, CHILD, JSON.stringify(task)]);
      const postgresCpuSeconds = cpuSecondsOf(postgres) - before;
      results.push({ ...(JSON.parse(stdout) as TokensResult), postgresCpuSeconds });
      await dropDatabase(databaseServerUrl, databaseUrl);
    }
    return results;
  } finally {
    await front.stop();
    await node.stop();
  }
}
