import type { Command } from 'commander';
import {
  DRAWN_BLOCKS,
  FIRST_AUDIT_HOLDERS,
  recordFirstAudit,
} from '../audit/background/firstAudit.js';
import { removeState } from '../audit/state.js';
import type { ThreadSettings } from '../chain/source/threads/readingThreads.js';
import { loadConfig } from '../config/load.js';
import type { ChainConfig } from '../config/types.js';
import { HeldContractError } from '../processor/holding/contractTrouble.js';
import type { IndexProgress, JoiningTask } from '../processor/indexerOptions.js';
import { newPool } from '../store/database/postgres.js';
import { auditChain, DEFAULT_CALLS_PER_SECOND } from './audit.js';
import { type ChainVerdict, verdictText } from './output/auditReport.js';
import { GroupProgress } from './progress/groupProgress.js';
import { createReporter } from './progress/indexProgress.js';
import type { ProgressReporter } from './progress/progressReporter.js';
import { statePath } from './wiring/auditStart.js';
import { runIndexChild } from './wiring/child.js';
import { chooseChains } from './wiring/chooseChains.js';
import { whenDatabaseAnswers } from './wiring/databaseWait.js';
import { IndexDatabase } from './wiring/indexDatabase.js';
import { serveIndexMetrics } from './wiring/indexMetrics.js';
import { type IndexUnit, indexUnit, indexUnits } from './wiring/indexUnits.js';
import { ingestThreads } from './wiring/ingestThreads.js';
import { bookJoining, joiningName, joiningTask, joiningText } from './wiring/joining.js';
import {
  type CommonOptions,
  parseBlockNumber,
  parsePort,
  parseWholeNumber,
  verb,
} from './wiring/options.js';
import { shutdownSignal, untilSignal } from './wiring/shutdown.js';

interface IndexOptions extends CommonOptions {
  readonly chain?: number;
  readonly group?: string;
  readonly toBlock?: number;
  readonly waitForDatabase: number;
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly cache: boolean;
  readonly indexes: boolean;
}

const DATABASE_WAIT_SECONDS = 60;

interface IndexRun {
  readonly config: string;
  readonly database: IndexDatabase;
  readonly reporter: ProgressReporter;
  readonly signal: AbortSignal;
  readonly threads: ThreadSettings;
}

export function addIndexVerb(program: Command): void {
  verb(program, 'index', {
    summary: 'read the chains into the database and follow them',
    description:
      'Reads the blocks of every chain of the config into the books of its revenue tokens in the database. Then it follows ' +
      'the head of each chain, reorgs included, until Ctrl-C. When it is started again, it continues from the last commit. ' +
      'Each of several chains has its own process, and each group of contracts that the config divides a chain into ' +
      '(`groups`).\n\n' +
      'After the backfill, `index` compares a sample of all figures with the contracts: up to 2,000 holders of each token, ' +
      'and some earlier blocks. With --to-block, the run ends with the indexes of lists and that audit.\n\n' +
      'The node must serve traces (trace_block or debug_traceBlockByHash).',
    example:
      'RPC_ETHEREUM=http://localhost:8545 imo-ledger index --config imo.yaml\n' +
      'imo-ledger index --chain 1 --to-block 21000000',
    exits: {
      0: 'done: stopped by a signal, or --to-block is reached and every compared figure agrees',
      1: 'failed, or with --to-block: a figure differs from a contract, or a contract is held',
    },
  })
    .option('--chain <id>', 'only the chain with this id', parseWholeNumber)
    .option(
      '--group <name>',
      'only this group of contracts of the chain; other processes index the others',
    )
    .option(
      '--to-block <n>',
      'end when this block is committed and a sample of its figures is audited',
      parseBlockNumber,
    )
    .option(
      '--metrics-port <port>',
      'serve /metrics for Prometheus on this port: blocks, lag, operations, commits',
      parsePort,
    )
    .option(
      '--no-indexes',
      'with --to-block: end without the indexes of lists, which cost PostgreSQL as much as the rows; the next `index` creates them',
    )
    .option('--no-cache', 'do not use the cache of final blocks: neither read it nor write it')
    .option('--metrics-host <address>', 'interface for --metrics-port; 0.0.0.0: all', '127.0.0.1')
    .option(
      '--wait-for-database <seconds>',
      'how long to wait at the start for a database that does not answer',
      parseWholeNumber,
      DATABASE_WAIT_SECONDS,
    )
    .action(runIndex);
}

async function runIndex(options: IndexOptions, command: Command): Promise<void> {
  if (!options.indexes && options.toBlock === undefined) {
    command.error(
      'error: --no-indexes is for a run with --to-block: who follows a chain needs them',
    );
  }
  const signal = shutdownSignal({ isPatient: true });
  const config = await loadConfig(options.config, process.env);
  const threads = ingestThreads(process.env);
  const chosen = chooseChains(config, {
    ...options,
    needsOne: needsOne(options),
  });
  const chains = options.cache ? chosen : chosen.map((chain) => ({ ...chain, cache: null }));
  const display = createReporter(process.env);
  const metrics =
    options.metricsPort === undefined
      ? null
      : await serveIndexMetrics(options.metricsPort, options.metricsHost);
  const reporter: ProgressReporter = {
    update(chainName, progress) {
      display.update(chainName, progress);
      metrics?.update(chainName, progress);
    },
    log: (line) => display.log(line),
    stop: () => display.stop(),
  };
  try {
    const opening = whenDatabaseAnswers(() => openDatabase(options.config), {
      seconds: options.waitForDatabase,
      signal,
      onWait: (line) => reporter.log(line),
    });
    const database = await untilSignal(signal, opening);
    if (database === null) return;
    const run = { config: options.config, database, reporter, signal, threads };
    try {
      const [only] = chains;
      const joining = joiningTask(process.env);
      if (joining !== null && only !== undefined) await joinHere(only, joining, run);
      else await indexChains(chains, options, run);
    } finally {
      await database.close();
    }
  } finally {
    reporter.stop();
    await metrics?.close();
  }
}

/** With a schema that is up to date. */
async function openDatabase(config: string): Promise<IndexDatabase> {
  const database = await IndexDatabase.open(process.env, config);
  try {
    const { migrateEverywhere } = await import('../store/distributed/newTables.js');
    await migrateEverywhere(database.url);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** An option that means something on one chain only. */
function needsOne({ group, toBlock }: IndexOptions): string | null {
  if (group !== undefined) return `--group ${group}`;
  return toBlock === undefined ? null : `--to-block ${toBlock}`;
}

/** Here, if it is one chain or one group; else each in a process of its own. */
async function indexChains(
  chains: readonly ChainConfig[],
  options: IndexOptions,
  run: IndexRun,
): Promise<void> {
  const [only] = chains;
  if (only === undefined) return;
  if (options.group !== undefined) {
    return indexGroupHere(indexUnit(only, options.group), options, run);
  }
  const units = indexUnits(chains);
  if (units.length === 1 && units[0]?.group === null) return indexHere(only, options, run);
  await indexInChildren(units, options, run);
  const { toBlock } = options;
  // The groups are at the block: the chain is.
  if (toBlock !== undefined) await endAtBlock(only, options, run, toBlock);
}

/** Indexes one group of contracts. The process that started all groups audits the chain at the end of a run to a block. */
async function indexGroupHere(
  { chain, group, name }: IndexUnit,
  options: IndexOptions,
  run: IndexRun,
): Promise<void> {
  const { runGroup } = await import('../processor/runGroup.js');
  const toBlock = options.toBlock ?? null;
  const indexing = {
    chain,
    databaseUrl: () => run.database.find(),
    toBlock,
    onProgress: (progress: IndexProgress) => {
      run.reporter.update(name, { ...progress, headBlock: toBlock ?? progress.headBlock });
    },
    onWarning: (line: string) => run.reporter.log(line),
    threads: run.threads,
    signal: run.signal,
  };
  await runGroup(indexing, group ?? '');
}

async function indexHere(chain: ChainConfig, options: IndexOptions, run: IndexRun): Promise<void> {
  const { runIndexer } = await import('../processor/run.js');
  const toBlock = options.toBlock ?? null;
  const indexing = runIndexer({
    chain,
    databaseUrl: () => run.database.find(),
    toBlock,
    threads: run.threads,
    onProgress: (progress) => {
      run.reporter.update(chain.name, { ...progress, headBlock: toBlock ?? progress.headBlock });
    },
    onWarning: (line) => run.reporter.log(line),
    joinApart: (task) => joinInChild(chain, options, run, task),
    onJoining: (step) => {
      if (step !== null) run.reporter.update(joiningName(chain.name), step.progress);
    },
    signal: run.signal,
  });
  if (toBlock === null) return indexing;
  const held = await heldContractOf(indexing);
  await endAtBlock(chain, options, run, toBlock);
  if (held !== null) throw held;
}

/** What is left to do when a chain is indexed to a block. */
async function endAtBlock(
  chain: ChainConfig,
  options: IndexOptions,
  run: IndexRun,
  toBlock: number,
): Promise<void> {
  if (options.indexes && !run.signal.aborted) await makeIndexes(chain, run);
  if (!run.signal.aborted) await auditAtEnd(chain, options, run, toBlock);
}

/** A run that follows the chain makes the indexes that the backfill did without; one to a block ends with them. */
async function makeIndexes(
  { name }: ChainConfig,
  { database, reporter, signal }: IndexRun,
): Promise<void> {
  const { IndexKeeper, withoutIndexes } = await import('../processor/run/indexKeeper.js');
  const keeper = new IndexKeeper(await database.find(), (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    reporter.log(
      `${name}: ${withoutIndexes(reason)}. \`imo-ledger index\` creates them at the next start`,
    );
  });
  keeper.wake();
  await untilSignal(signal, keeper.idle());
  await keeper.stop();
}

/** Books the past of joining contracts in a process of its own: the head has this one for itself. */
async function joinInChild(
  chain: ChainConfig,
  { config, cache }: IndexOptions,
  { database, reporter }: IndexRun,
  task: JoiningTask,
): Promise<void> {
  const joining = joiningText(task);
  if (joining === null) return bookJoining(chain, () => database.find(), task);
  const { signal, onProgress } = task;
  const onLine = (line: string) => reporter.log(`[${joiningName(chain.name)}] ${line}`);
  await runIndexChild({ chain, config, cache, joining, signal, onProgress, onLine });
}

/** This process is such a child. */
async function joinHere(
  chain: ChainConfig,
  task: Pick<JoiningTask, 'contracts' | 'toBlock'>,
  { database, reporter, signal }: IndexRun,
): Promise<void> {
  await bookJoining(chain, () => database.find(), {
    ...task,
    onProgress: (progress) => reporter.update(joiningName(chain.name), progress),
    onWarning: (line) => reporter.log(line),
    signal,
  });
}

/**
 * The error of a run to a block for a held contract; `null`: no contract is held. The other
 * contracts are then indexed to the block, and must be audited.
 */
async function heldContractOf(indexing: Promise<void>): Promise<HeldContractError | null> {
  try {
    await indexing;
    return null;
  } catch (error) {
    if (error instanceof HeldContractError) return error;
    throw error;
  }
}

/** A run to a block ends with the audit of a sample; exit code 1 if a figure differs. */
async function auditAtEnd(
  chain: ChainConfig,
  options: IndexOptions,
  run: IndexRun,
  toBlock: number,
): Promise<void> {
  if (chain.audit == null) {
    run.reporter.log(`${chain.name}: not compared with the contracts, because of \`audit: false\``);
    return;
  }
  run.reporter.stop();
  // A connection that breaks meanwhile costs a new audit, and not the run.
  const auditing = whenDatabaseAnswers(() => auditSample(chain, run, toBlock), {
    seconds: options.waitForDatabase,
    signal: run.signal,
    onWait: (line) => run.reporter.log(line),
  });
  const verdict = await untilSignal(run.signal, auditing);
  if (verdict === null) return;
  process.stdout.write(verdictText(verdict));
  if (verdict.state.mismatchCount > 0) process.exitCode = 1;
}

async function auditSample(chain: ChainConfig, run: IndexRun, at: number): Promise<ChainVerdict> {
  const db = newPool({
    connectionString: await run.database.find(),
    application_name: 'imo-ledger',
  });
  try {
    const verdict = await auditChain(
      db,
      chain,
      {
        at,
        holders: ['sample', String(FIRST_AUDIT_HOLDERS)],
        earlier: DRAWN_BLOCKS,
        multicall: true,
        rate: DEFAULT_CALLS_PER_SECOND,
        state: '.imo-ledger',
      },
      run.signal,
    );
    await recordFirstAudit(db, verdict.state);
    await removeState(statePath({ state: '.imo-ledger' }, chain.id));
    return verdict;
  } finally {
    await db.end();
  }
}

/**
 * One process per chain or group. One that fails is named at once and at the end, and the others continue.
 *
 * @throws the error of the first chain that failed, when all have ended
 */
async function indexInChildren(
  units: readonly IndexUnit[],
  { cache, toBlock }: IndexOptions,
  run: IndexRun,
): Promise<void> {
  const { config, signal, reporter } = run;
  const failures: unknown[] = [];
  const merged = new GroupProgress(units);
  const children = units.map(async ({ chain, group, name: unit }) => {
    try {
      await runIndexChild({
        chain,
        group,
        toBlock: toBlock ?? null,
        config,
        cache,
        signal,
        onProgress(progress, name) {
          const shown = merged.add(name, progress);
          if (shown !== null) reporter.update(shown.name, shown.progress);
        },
        onLine: (line) => reporter.log(`[${unit}] ${line}`),
      });
    } catch (error) {
      failures.push(error);
      reporter.log(
        `[${unit}] NOT INDEXED ANY MORE: its indexer ended, the reason is above. The other ` +
          `${group === null ? 'chains' : 'chains and groups'} continue. Correct the cause, then start this one: ` +
          `imo-ledger index --config ${config} --chain ${chain.id}${group === null ? '' : ` --group ${group}`}`,
      );
    }
  });
  await Promise.all(children);
  if (failures.length > 0) throw failures[0];
}
