import type { Command } from 'commander';
import { describeDatabase } from '../store/database/connect.js';
import { chainLines, rowsText } from './copy/report.js';
import { stoppedBy } from './copy/stopped.js';
import { createCopyReporter } from './progress/copyProgress.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

export function addRestoreVerb(program: Command): void {
  verb(program, 'restore', {
    summary: 'read a backup into an empty database',
    description:
      'Reads a file of `imo-ledger backup` into the database of DATABASE_URL, or into the embedded ' +
      'one. All checksums are compared before the database is touched. The rows are then written in ' +
      'one transaction: if it fails or is stopped, nothing is changed.\n\n' +
      'Refused: a database that is not empty, a file of a newer version, a damaged file. A file of an ' +
      'older version is brought up to date. `index` continues from the blocks that are printed.',
    example:
      'imo-ledger restore ledger.imobackup && imo-ledger audit\n' +
      'DATABASE_URL=postgresql://me@db:5432/ledger imo-ledger restore ledger.imobackup',
  })
    .argument('<file>', 'a file of `imo-ledger backup`')
    .action(runRestore);
}

async function runRestore(file: string, { config }: CommonOptions): Promise<void> {
  const signal = shutdownSignal();
  const { readKnownMigrations } = await import('../store/database/knownMigrations.js');
  const { BackupFile } = await import('../store/backup/backupFile.js');
  const { restoreInto } = await import('../store/backup/restoreInto.js');
  const reporter = createCopyReporter('restore');
  const startedAt = performance.now();
  const known = await readKnownMigrations();
  const backup = await BackupFile.open(file, known, (progress) => reporter.update(progress));
  try {
    await backup.verify(signal);
    await withDatabase({ config, writes: true, creates: true }, async ({ url }) => {
      const rows = await restoreInto(url, backup, signal);
      reporter.stop();
      process.stdout.write(
        `${describeDatabase(url)}: ${rowsText(rows, startedAt)}\n${chainLines(backup.description)}` +
          'Compare it with the contracts: imo-ledger audit\n',
      );
    });
  } catch (error) {
    throw stoppedBy(signal, error);
  } finally {
    reporter.stop();
    await backup.close();
  }
}
