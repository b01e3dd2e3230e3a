import type { Command } from 'commander';
import { describeDatabase } from '../store/database/connect.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { withDatabase } from './wiring/withDatabase.js';

interface MigrateOptions extends CommonOptions {
  readonly readerRole?: string;
}

export function addMigrateVerb(program: Command): void {
  verb(program, 'migrate', {
    summary: 'create the tables, or bring them up to date',
    description:
      'Creates the tables of the ledger, or brings them up to the version of this program. Running it again does nothing. ' +
      '`index` does the same before it starts. `serve` and `status` only read: they end with SCHEMA_BEHIND if the tables are ' +
      'older than the program.',
    example:
      'DATABASE_URL=postgresql://me:secret@db:5432/ledger imo-ledger migrate\n' +
      'READER_PASSWORD=… imo-ledger migrate --reader-role ledger_reader',
  })
    .option(
      '--reader-role <name>',
      'also create or update this role, which may only read the tables; READER_PASSWORD sets its password',
    )
    .action(runMigrate);
}

async function runMigrate({ readerRole, config }: MigrateOptions): Promise<void> {
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
    if (readerRole !== undefined)
      process.stdout.write(`${readerRole} may read, and nothing else\n`);
  });
}
