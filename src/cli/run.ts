import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import { GroupProgress } from './progress/groupProgress.js';
import { createReporter } from './progress/indexProgress.js';
import type { ProgressReporter } from './progress/progressReporter.js';
import { runChild, runIndexChild } from './wiring/child.js';
import { whenDatabaseAnswers } from './wiring/databaseWait.js';
import { IndexDatabase } from './wiring/indexDatabase.js';
import { type IndexMetrics, serveIndexMetrics } from './wiring/indexMetrics.js';
import { type IndexUnit, indexUnits } from './wiring/indexUnits.js';
import {
  type CommonOptions,
  DEFAULT_API_PORT,
  parsePort,
  parseWholeNumber,
  verb,
} from './wiring/options.js';
import { shutdownSignal, untilSignal } from './wiring/shutdown.js';
import { supervise } from './wiring/supervise.js';

interface RunOptions extends CommonOptions {
  readonly port: number;
  readonly host: string;
  readonly apis: number;
  readonly metricsPort?: number;
  readonly metricsHost: string;
  readonly waitForDatabase: number;
}

const DATABASE_WAIT_SECONDS = 60;

export function addRunVerb(program: Command): void {
  verb(program, 'run', {
    summary: 'index all chains and serve the APIs, in processes that are kept running',
    description:
      'Starts one `index` for each chain of the config, or for each group of its contracts (`groups`), and as many `serve` as ' +
      '--apis says, each in a process of its own. A ' +
      'process that ends starts again: after 1 second, then 2, 4, and so on up to 60; a minute of work resets that. The ' +
      'others are not disturbed.\n\n' +
      'Ctrl-C or SIGTERM stops all of them: the indexers commit what is booked, the servers finish their answers. ' +
      'What has not ended after 30 seconds is killed. If this process is killed, the others end by themselves.\n\n' +
      'The tables are created or brought up to date before anything starts. Progress of all chains is shown together: a chain is as far as the group that is the least far. ' +
      'Lines of a process begin with its name. URLs in them have no passwords, keys or paths.\n\n' +
      'The servers listen on --port and the ports after it. Put a proxy in front of several ones (docs/run/install.md). ' +
      'They take the environment of this process: DATABASE_URL, READ_DATABASE_URLS, LISTEN_DATABASE_URL. `index` writes, so ' +
      'DATABASE_URL names the server itself; SERVE_DATABASE_URL names what `serve` reads from, such as PgBouncer, if that is ' +
      'another address.',
    example:
      'imo-ledger run\n' +
      'DATABASE_URL=postgresql://owner@db/ledger imo-ledger run --apis 2 --port 8080 --metrics-port 4351',
    exits: { 0: 'stopped by a signal' },
  })
    .option('--port <port>', 'port of the first API server', parsePort, DEFAULT_API_PORT)
    .option('--host <address>', 'interface of the API servers; 0.0.0.0: all', '127.0.0.1')
    .option('--apis <n>', 'how many API servers; 0: only index', parseWholeNumber, 1)
    .option(
      '--metrics-port <port>',
      'serve /metrics of all indexers for Prometheus on this port',
      parsePort,
    )
    .option('--metrics-host <address>', 'interface for --metrics-port; 0.0.0.0: all', '127.0.0.1')
    .option(
      '--wait-for-database <seconds>',
      'how long to wait at the start for a database that does not answer',
      parseWholeNumber,
      DATABASE_WAIT_SECONDS,
    )
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const signal = shutdownSignal({ isPatient: true });
  const { chains } = await loadConfig(options.config, process.env);
  const reporter = createReporter(process.env);
  const units = indexUnits(chains);
  const merged = new GroupProgress(units);
  const { metricsPort, metricsHost } = options;
  const metrics =
    metricsPort === undefined ? null : await serveIndexMetrics(metricsPort, metricsHost);
  try {
    const database = await untilSignal(signal, whenReady(options, reporter, signal));
    if (database === null) return;
    try {
      await Promise.all([
        ...units.map((unit) => keepIndexing(unit, options, { signal, reporter, metrics, merged })),
        ...Array.from({ length: options.apis }, (_, index) =>
          keepServing(index, options, { signal, reporter }),
        ),
      ]);
    } finally {
      // The embedded server, if this process has started it.
      await database.close();
    }
  } finally {
    reporter.stop();
    await metrics?.close();
  }
}

/** The database with a schema that is up to date: otherwise the servers would end at once. */
function whenReady(
  { config, waitForDatabase }: RunOptions,
  reporter: ProgressReporter,
  signal: AbortSignal,
): Promise<IndexDatabase> {
  const open = async () => {
    const database = await IndexDatabase.open(process.env, config);
    try {
      const { migrateEverywhere } = await import('../store/distributed/newTables.js');
      await migrateEverywhere(database.url);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  };
  const onWait = (line: string) => reporter.log(line);
  return whenDatabaseAnswers(open, { seconds: waitForDatabase, signal, onWait });
}

interface Kept {
  readonly signal: AbortSignal;
  readonly reporter: ProgressReporter;
}

function keepIndexing(
  { chain, group, name: unit }: IndexUnit,
  { config }: RunOptions,
  {
    signal,
    reporter,
    metrics,
    merged,
  }: Kept & { readonly metrics: IndexMetrics | null; readonly merged: GroupProgress },
): Promise<void> {
  return supervise({
    name: unit,
    signal,
    log: (line) => reporter.log(line),
    run: () =>
      runIndexChild({
        chain,
        group,
        config,
        signal,
        onProgress(progress, name) {
          if (group !== null) metrics?.update(name, progress);
          const shown = merged.add(name, progress);
          if (shown === null) return;
          reporter.update(shown.name, shown.progress);
          metrics?.update(shown.name, shown.progress);
        },
        onLine: (line) => reporter.log(`[${unit}] ${line}`),
      }),
  });
}

function keepServing(
  index: number,
  { config, port, host }: RunOptions,
  { signal, reporter }: Kept,
): Promise<void> {
  const name = `api ${index + 1}`;
  const own = String(port === 0 ? 0 : port + index);
  const reads = process.env.SERVE_DATABASE_URL;
  return supervise({
    name,
    signal,
    log: (line) => reporter.log(line),
    run: () =>
      runChild({
        args: ['serve', '--config', config, '--port', own, '--host', host],
        ...(reads ? { env: { DATABASE_URL: reads } } : {}),
        what: `the server on port ${own}`,
        showsAddresses: true,
        signal,
        onLine: (line) => reporter.log(`[${name}] ${line}`),
      }),
  });
}
