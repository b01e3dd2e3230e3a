import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { ImoError } from '../errors.js';
import { chainLines, rowsText } from './copy/report.js';
import { stoppedBy } from './copy/stopped.js';
import { createCopyReporter } from './progress/copyProgress.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

interface BackupOptions extends CommonOptions {
  readonly overwrite?: boolean;
}

export function addBackupVerb(program: Command): void {
  verb(program, 'backup', {
    summary: 'write the whole database into one file',
    description:
      'Writes every table of the ledger into one compressed file, as of one instant: `index` and ' +
      '`serve` may run meanwhile. It works with the embedded PostgreSQL and with any other, and ' +
      'needs no program of PostgreSQL. `restore` reads the file into any supported version.\n\n' +
      'FILE appears when it is complete. Its header has the version, the schema, how far each chain ' +
      'is indexed, and rows and a checksum for each table. Roles and their rights are not in it, and ' +
      'neither are imo.yaml and the cache.',
    example:
      'imo-ledger backup ledger.imobackup\nimo-ledger backup --overwrite /mnt/nightly.imobackup',
  })
    .argument('<file>', 'where to write it')
    .option('--overwrite', 'replace FILE if it exists, once the new one is complete')
    .action(runBackup);
}

async function runBackup(file: string, options: BackupOptions): Promise<void> {
  const signal = shutdownSignal();
  if (!options.overwrite) await assertNew(file);
  await withDatabase({ config: options.config }, async ({ url }) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(url);
    const { openDatabaseSource } = await import('../store/backup/databaseSource.js');
    const { writeBackup } = await import('../store/backup/writeBackup.js');
    const reporter = createCopyReporter('backup');
    const startedAt = performance.now();
    const source = await openDatabaseSource(url, (progress) => reporter.update(progress));
    try {
      const header = await writeBackup(source, file, signal);
      reporter.stop();
      const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
      process.stdout.write(`${file}: ${rowsText(rows, startedAt)}\n${chainLines(header)}`);
    } catch (error) {
      throw stoppedBy(signal, error);
    } finally {
      reporter.stop();
      await source.close();
    }
  });
}

async function assertNew(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new ImoError(
    'BACKUP_FILE_EXISTS',
    `${file} exists already`,
    'Name another file, or add --overwrite to replace it when the new one is complete.',
  );
}
