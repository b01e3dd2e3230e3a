import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { openEmbedded } from '../store/embedded/embedded.js';
import { startDemoApi } from './demo/api.js';
import { startDemoChain } from './demo/chain.js';
import { Closers } from './demo/closers.js';
import { writeDemoConfig } from './demo/config.js';
import { followLife } from './demo/follow.js';
import { DemoIndexer } from './demo/indexer.js';
import { printReport } from './demo/report.js';
import { Steps } from './demo/steps.js';
import { formatCount } from './output/rate.js';
import { parseCount, parsePort, verb } from './wiring/options.js';
import { aborted, shutdownSignal } from './wiring/shutdown.js';

interface DemoOptions {
  readonly once?: boolean;
  readonly short?: boolean;
  readonly port?: number;
  readonly blockSeconds: number;
}

export function addDemoVerb(program: Command): void {
  verb(program, 'demo', {
    summary: 'show everything on a local chain, with nothing to configure',
    description:
      'Shows the whole program on a local chain. It starts a PostgreSQL server and the chain, and plays four months of an ' +
      'offering there: three revenue tokens, about fifty holders, an oversubscribed sale, a listing, requests to models, ' +
      'mints, snapshots, claims and burns. It indexes the chain, serves the API, and shows where the revenue came from and ' +
      'what each holder can claim. The chain lives on, and the demo follows it until Ctrl-C. Nothing is left behind.\n\n' +
      'The demo needs no config and no network. It ignores --config and DATABASE_URL.',
    example: 'imo-ledger demo\nimo-ledger demo --once --port 8080',
    exits: { 0: 'stopped by a signal, or done with --once' },
  })
    .option('--once', 'index, show the result, then end')
    .option('--short', 'one month of the offering in place of four: ready sooner')
    .option('--port <port>', 'where the API listens (default: 4350, or a free one)', parsePort)
    .option('--block-seconds <n>', 'from one block of the living chain to the next', parseCount, 1)
    .action(runDemo);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const signal = shutdownSignal({ isPatient: true });
  const closers = new Closers();
  const over = new AbortController();
  const signals = AbortSignal.any([signal, over.signal]);
  try {
    await Promise.race([demo(options, closers, signals), aborted(signal)]);
  } finally {
    over.abort();
    await closers.closeAll();
  }
}

async function demo(options: DemoOptions, closers: Closers, signal: AbortSignal): Promise<void> {
  const steps = new Steps();
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-demo-'));
  // Started by root, the database server runs as another account, which has to pass through.
  await chmod(folder, 0o711);
  closers.add(() => rm(folder, { recursive: true, force: true }));
  closers.add(async () => steps.endBar());

  const [databaseUrl, chain] = await Promise.all([
    steps.run('PostgreSQL with the tables of the ledger', () => startDatabase(folder, closers)),
    steps.run(
      `a local chain with ${options.short ? 'one month' : 'four months'} of an offering`,
      () =>
        startDemoChain(
          closers,
          (what, percent) => steps.percent(what, percent),
          options.short ? 1 : undefined,
        ),
    ),
  ]);
  steps.endBar();

  const { path, config, chain: chainConfig } = await writeDemoConfig(folder, chain);
  const indexer = new DemoIndexer(path, databaseUrl, chain, steps, signal);
  closers.add(() => indexer.ended);
  const title = `${formatCount(chain.offering.lastBlock)} blocks indexed`;
  const [api] = await Promise.all([
    startDemoApi({ databaseUrl, port: options.port, config }, closers),
    steps.run(title, () => indexer.caughtUp),
  ]);
  steps.endBar();

  await printReport(
    {
      url: api.url,
      pageUrl: api.pageUrl,
      operatorsUrl: api.operatorsUrl,
      config: chainConfig,
      chain,
    },
    steps,
  );
  if (options.once) return;
  process.stdout.write('The chain lives on. Ctrl-C ends everything.\n\n');
  const life = followLife({
    chain,
    progress: () => indexer.progress,
    secondsPerBlock: options.blockSeconds,
    signal,
  });
  await Promise.race([indexer.ended, life]);
}

async function startDatabase(folder: string, closers: Closers): Promise<string> {
  const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
  closers.add(() => database.close());
  const { migrate } = await import('../store/database/migrate.js');
  await migrate(database.url);
  return database.url;
}
