import type { Command } from 'commander';
import { describeDatabase, openDatabase } from '../store/connect.js';
import { verb } from './options.js';

export function addMigrateVerb(program: Command): void {
  verb(program, 'migrate', {
    summary: 'create the tables, or bring them up to date',
    description:
      'Creates the tables of the ledger, or brings them up to the version of this program. ' +
      'Running it again does nothing. `index` does the same by itself before it starts; `serve` ' +
      'and `status` only read, and ask for it when the tables are older than the program.',
    example: 'DATABASE_URL=postgresql://me:secret@db:5432/ledger imo-ledger migrate',
  }).action(runMigrate);
}

async function runMigrate(): Promise<void> {
  const database = await openDatabase({ env: process.env, writes: true });
  try {
    const { migrate } = await import('../store/migrate.js');
    const names = await migrate(database.url);
    const place = describeDatabase(database.url);
    process.stdout.write(
      names.length === 0
        ? `${place} is up to date\n`
        : `${place} is up to date after ${names.join(', ')}\n`,
    );
  } finally {
    await database.close();
  }
}
