import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import { formatCount } from './output/rate.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

export function addProveVerb(program: Command): void {
  verb(program, 'prove', {
    summary: 'hash what is final and commit to its snapshots, now',
    description:
      'Does at once what `index` does in the background as soon as its backfill is over: chains ' +
      'the ledger hash over all final blocks, and commits to the shares of every final snapshot. ' +
      'Useful after `index --to-block`. May run while `index` runs.',
    example: 'imo-ledger index --to-block 21000000 && imo-ledger prove',
  }).action(runProve);
}

async function runProve(options: CommonOptions): Promise<void> {
  const signal = shutdownSignal();
  const config = await loadConfig(options.config, process.env);
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { proveFinalBlocks } = await import('../processor/run/proofs.js');
    for (const { id, name } of config.chains) {
      const point = await proveFinalBlocks(database.url, id, signal);
      process.stdout.write(
        point === null
          ? `${name}: nothing is final yet\n`
          : `${name}: hashed up to block ${formatCount(point.height)}, ledger hash ${point.hash}\n`,
      );
    }
  });
}
