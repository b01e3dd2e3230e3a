import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import { formatCount } from './output/rate.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

export function addProveVerb(program: Command): void {
  verb(program, 'prove', {
    summary: 'hash final blocks and commit to final snapshots now',
    description:
      'Proves what is final now: extends the ledger hash over all final blocks, and commits to the shares of every final ' +
      'snapshot. `index` does the same in the background after its backfill, so this is useful after `index --to-block`. ' +
      'It may run while `index` runs.',
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
