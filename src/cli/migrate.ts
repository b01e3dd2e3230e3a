import { type Command, InvalidArgumentError } from 'commander';
import { describeDatabase } from '../store/database/connect.js';
import { LAST_NUMBER } from '../store/ids.js';
import { createCopyReporter } from './progress/copyProgress.js';
import { type CommonOptions, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { noteOnce, withDatabase } from './wiring/withDatabase.js';

interface MigrateOptions extends CommonOptions {
  readonly readerRole?: string;
  /** `true`: without a number. */
  readonly partitions?: number | true;
}

export function addMigrateVerb(program: Command): void {
  verb(program, 'migrate', {
    summary: 'create the tables, or bring them up to date',
    description:
      'Creates the tables of the ledger, or brings them up to the version of this program. Running it again does nothing. ' +
      '`index` does the same before it starts. `serve` and `status` only read: they end with SCHEMA_BEHIND if the tables are ' +
      'older than the program.\n\n' +
      'With --partitions, it divides the large tables by the numbers of tokens: transfer, balance_checkpoint, holder, receipt, ' +
      'claim, redemption, journal_entry and posting. Stop `index` first; `serve` continues. The rows are copied, so the disk ' +
      'needs room for the largest table again. If the command is interrupted, the next run continues. New tokens get ' +
      'their partitions when they are first indexed. `imo-ledger partition` shows and moves them (docs/storage.md).',
    example:
      'DATABASE_URL=postgresql://me:secret@db:5432/ledger imo-ledger migrate\n' +
      'READER_PASSWORD=… imo-ledger migrate --reader-role ledger_reader\n' +
      'imo-ledger migrate --partitions\nimo-ledger migrate --partitions 100',
  })
    .option(
      '--reader-role <name>',
      'also create or update this role, which may only read the tables; READER_PASSWORD sets its password',
    )
    .option(
      '--partitions [numbers]',
      'also partition the large tables; a partition has so many numbers of tokens and assets ' +
        '(default: so many that there are at most 64 partitions today)',
      parseNumbers,
    )
    .action(runMigrate);
}

function parseNumbers(text: string): number {
  const numbers = parseWholeNumber(text);
  if (numbers >= 1 && numbers <= LAST_NUMBER) return numbers;
  throw new InvalidArgumentError('A partition has 1 number or more.');
}

async function runMigrate({ readerRole, config, partitions }: MigrateOptions): Promise<void> {
  await withDatabase({ config, writes: true, creates: true }, async (database) => {
    const { migrate } = await import('../store/database/migrate.js');
    const names = await migrate(database.url);
    if (readerRole !== undefined) {
      const { grantReader } = await import('../store/database/readerRole.js');
      await grantReader(database.url, readerRole, process.env.READER_PASSWORD || null);
    }
    const place = describeDatabase(database.url);
    process.stdout.write(
      names.length === 0
        ? `${place} is up to date\n`
        : `${place} is up to date after ${names.join(', ')}\n`,
    );
    if (partitions !== undefined) await partition(database.url, partitions);
    if (readerRole !== undefined)
      process.stdout.write(`${readerRole} may read, and nothing else\n`);
  });
}

async function partition(url: string, numbers: number | true): Promise<void> {
  const { partitionTables } = await import('../store/partitions/partitionTables.js');
  const signal = shutdownSignal();
  const reporter = createCopyReporter('partitioning');
  const tables = await partitionTables(url, {
    numbersEach: numbers === true ? null : numbers,
    signal,
    onProgress: (progress) => reporter.update(progress),
    onWaiting: (table) => noteOnce(`${table} is copied: waiting for readers that began earlier`),
  }).finally(() => reporter.stop());
  process.stdout.write(
    tables.length === 0
      ? 'the large tables are partitioned already\n'
      : `partitioned ${tables.join(', ')}\n`,
  );
}
