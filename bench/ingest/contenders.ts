import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { migrate } from '../../src/store/database/migrate.js';
import type { Program } from '../sparse/measure.js';
import { ponderProgram } from '../sparse/ponder.js';
import { type RecordedIndex, writeFloorTask } from './floorTask.js';

/**
 * Our indexer, the least that its data costs, its processor doing nothing with what it fetches, a plain squid, Ponder
 * from the node and again from its own cache, and our indexer with an empty cache and with the cache that this one filled.
 */
export const CONTENDERS = [
  'ours',
  'floor',
  'nothing',
  'plain',
  'ponder',
  'ponder-cached',
  'caching',
  'cached',
] as const;
/** What books tokens as `ours` does. */
export const OUR_CONTENDERS = ['ours', 'caching', 'cached'] as const;

export type ContenderName = (typeof CONTENDERS)[number];

/** What every contender has to index. */
export interface Task {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly token: string;
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Of an empty database. */
  readonly databaseUrl: string;
  /** For files of this run. */
  readonly folder: string;
  /** Kept from `caching` to `cached`. */
  readonly cacheFolder: string;
  /** What `ours` did before the floor does it again. */
  readonly recorded: RecordedIndex | null;
}

export const FINALITY_CONFIRMATION = 10;

const COMPILED = join(PROJECT_ROOT, 'dist');
/** Where Ponder puts its tables. */
export const PONDER_SCHEMAS = { ponder: 'ponder', 'ponder-cached': 'ponder_again' } as const;
const PLAIN_SQUID = join(PROJECT_ROOT, 'bench', 'plain-squid');

/** Does what has to be done before a contender's clock starts. */
export async function prepare(name: ContenderName, task: Task): Promise<Program> {
  const environment = {
    RPC_ENDPOINT: task.rpcUrl,
    TOKEN: task.token,
    FROM_BLOCK: String(task.fromBlock),
    TO_BLOCK: String(task.toBlock),
    FINALITY_CONFIRMATION: String(FINALITY_CONFIRMATION),
  };
  switch (name) {
    case 'ours':
    case 'caching':
    case 'cached': {
      const config = join(task.folder, 'imo.yaml');
      await writeFile(config, configOf(task, name === 'ours' ? null : task.cacheFolder));
      const main = join(PROJECT_ROOT, 'bin', 'imo-ledger.js');
      return {
        args: [
          ...[main, 'index', '--config', config, '--to-block', String(task.toBlock)],
          '--no-indexes',
        ],
        cwd: task.folder,
        env: { DATABASE_URL: task.databaseUrl },
      };
    }
    case 'nothing':
      return {
        args: [join(COMPILED, 'bench', 'ingest', 'nothing.js')],
        cwd: task.folder,
        env: environment,
      };
    case 'floor':
      return floor(task);
    case 'ponder':
    case 'ponder-cached':
      return ponderProgram({
        ...{ rpcUrl: task.rpcUrl, token: task.token, databaseUrl: task.databaseUrl },
        ...{ from: task.fromBlock, to: task.toBlock },
        // It reads what it has of the chain from the database, and indexes it again.
        schema: PONDER_SCHEMAS[name],
      });
    case 'plain':
      await migratePlainSquid(task.databaseUrl);
      return {
        args: [join(PLAIN_SQUID, 'lib', 'main.js')],
        cwd: PLAIN_SQUID,
        env: { ...environment, DB_URL: task.databaseUrl },
      };
  }
}

async function floor({ recorded, rpcUrl, databaseUrl, folder }: Task): Promise<Program> {
  if (recorded === null) throw new Error('the floor does what ours did before it');
  await migrate(databaseUrl);
  const task = await writeFloorTask(recorded, { rpcUrl, databaseUrl, folder });
  const script = join(COMPILED, 'bench', 'ingest', 'floor.js');
  return { args: [script, JSON.stringify(task)], cwd: folder };
}

function configOf({ chainId, rpcUrl, token, fromBlock }: Task, cache: string | null): string {
  return `chains:
  - id: ${chainId}
    rpc: ${rpcUrl}
    finality: ${FINALITY_CONFIRMATION}
    # The audit at the end of a run is not a part of ingest, and the front has no old states.
    audit: false
    # Only those that are about the cache keep what they read.
    cache: ${cache === null ? 'false' : `{path: "${cache}"}`}
    tokens:
      - address: "${token}"
        startBlock: ${fromBlock}
`;
}

/** The plain squid does not compile. */
class PlainSquidBuildError extends Error {
  readonly code = 'BENCH_PLAIN_SQUID_BUILD_FAILED';

  constructor(output: string) {
    super(`tsc -p bench/plain-squid failed:\n${output}`);
    this.name = 'PlainSquidBuildError';
  }
}

/**
 * Compiles the plain squid to bench/plain-squid/lib, as its own tools want it.
 * @throws PlainSquidBuildError
 */
export function buildPlainSquid(): void {
  const compiler = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(compiler, ['-p', PLAIN_SQUID], { encoding: 'utf8' });
  if (status !== 0) throw new PlainSquidBuildError(stdout + stderr);
}

async function migratePlainSquid(databaseUrl: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    migrations: [join(PLAIN_SQUID, 'db', 'migrations', '*.js')],
  });
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
  } finally {
    await source.destroy();
  }
}
