import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { migrate } from '../../src/store/database/migrate.js';
import { createDatabase, dropDatabase } from '../ingest/databases.js';
import { cpuSecondsOf, pidBelowUs } from '../ingest/processUsage.js';
import type { Traffic } from '../node/server.js';
import type { ChainSpec } from '../node/spec.js';
import { type NodeProcess, startGeneratingNode } from '../node/start.js';
import type { TokensResult, TokensTask } from './child.js';
import { measureServing, type Serving } from './serving.js';

const CHILD = join(PROJECT_ROOT, 'dist', 'bench', 'tokens', 'child.js');
const run = promisify(execFile);

export interface MeasureOptions {
  readonly runs: number;
  readonly finder: TokensTask['finder'];
  /** How the config names the tokens. */
  readonly by: 'factory' | 'addresses';
  readonly databaseServerUrl: string;
  /** Folder for CPU profiles of the indexer. */
  readonly profileFolder: string | null;
}

export interface TokensRun extends TokensResult {
  readonly postgresCpuSeconds: number;
  readonly nodeCpuSeconds: number;
  readonly traffic: Traffic;
  /** The same index again, which has nothing to read. */
  readonly restartSeconds: number;
  readonly serving: Serving;
}

/** Indexes a generated chain several times, each time into a new database. */
export async function measureTokens(
  spec: ChainSpec,
  options: MeasureOptions,
): Promise<TokensRun[]> {
  const node = await startGeneratingNode(spec);
  try {
    const results: TokensRun[] = [];
    for (let turn = 0; turn < options.runs; turn++) {
      const name = `bench_tokens_${spec.tokens}`;
      const databaseUrl = await createDatabase(options.databaseServerUrl, name);
      await migrate(databaseUrl);
      results.push(await measureOnce(node, databaseUrl, options));
      await dropDatabase(options.databaseServerUrl, databaseUrl);
    }
    return results;
  } finally {
    await node.stop();
  }
}

async function measureOnce(
  node: NodeProcess,
  databaseUrl: string,
  { finder, by, profileFolder }: MeasureOptions,
): Promise<TokensRun> {
  const contracts = by === 'factory' ? { factory: node.factory } : { tokens: node.tokens };
  const task: TokensTask = {
    rpcUrl: node.url,
    ...contracts,
    to: node.lastBlock,
    databaseUrl,
    finder,
  };
  const postgres = pidBelowUs('postgres');
  const before = { postgres: cpuSecondsOf(postgres), node: cpuSecondsOf(node.pid) };
  await node.takeTraffic();
  const result = await indexInChild(task, profileFolder);
  const postgresCpuSeconds = cpuSecondsOf(postgres) - before.postgres;
  const nodeCpuSeconds = cpuSecondsOf(node.pid) - before.node;
  const traffic = await node.takeTraffic();
  const { opening } = await indexInChild(task, null);
  const serving = await measureServing(databaseUrl);
  return {
    ...result,
    postgresCpuSeconds,
    nodeCpuSeconds,
    traffic,
    restartSeconds: opening.seconds,
    serving,
  };
}

/** Runs the indexer in a process of its own. @param profileFolder for its CPU profile; `null`: none */
export async function indexInChild(
  task: TokensTask,
  profileFolder: string | null,
): Promise<TokensResult> {
  const flags =
    profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileFolder)}`];
  const args = [...flags, CHILD, JSON.stringify(task)];
  const { stdout, stderr } = await run(process.execPath, args);
  process.stderr.write(stderr);
  return JSON.parse(stdout) as TokensResult;
}
