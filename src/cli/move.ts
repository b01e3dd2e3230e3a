import type { Command } from 'commander';
import { ImoError } from '../errors.js';
import { describeDatabase, findServer } from '../store/database/connect.js';
import { databaseUrlFrom } from '../store/database/databaseUrl.js';
import type { OpenDatabase } from '../store/embedded/embedded.js';
import { openDatabase } from '../store/openDatabase.js';
import { chainLines, rowsText } from './copy/report.js';
import { stoppedBy } from './copy/stopped.js';
import { createCopyReporter } from './progress/copyProgress.js';
import { type CommonOptions, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { noteOnce, withDatabase } from './wiring/withDatabase.js';

const EMBEDDED = 'embedded';

interface MoveOptions extends CommonOptions {
  readonly to: string;
}

export function addMoveVerb(program: Command): void {
  verb(program, 'move', {
    summary: 'copy the whole database into another, empty one',
    description:
      'Copies every table of the ledger from the database of DATABASE_URL, or the embedded one, into ' +
      'an empty database, without a file: as of one instant, in one transaction. The versions of both ' +
      'servers may differ. `--to embedded` copies into the embedded PostgreSQL.\n\n' +
      'The database that is copied stays as it is. What `index` books meanwhile is not in the copy: ' +
      'let the next `index` run on the new database, and it continues from the blocks that are printed.',
    example:
      'imo-ledger move --to postgresql://me@db:5432/ledger\n' +
      'DATABASE_URL=postgresql://me@db:5432/ledger imo-ledger move --to embedded',
  })
    .requiredOption(
      '--to <url>',
      'the empty database, or `embedded`; the password may be in PGPASSWORD or ~/.pgpass',
    )
    .action(runMove);
}

async function runMove({ to, config }: MoveOptions): Promise<void> {
  const signal = shutdownSignal();
  await withDatabase({ config }, async (from) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(from.url);
    const target = await openTarget(to, config);
    try {
      await copy(from.url, target.url, signal);
    } finally {
      await target.close();
    }
    process.stdout.write(
      to === EMBEDDED
        ? 'Unset DATABASE_URL to use it, then compare it with the contracts: imo-ledger audit\n'
        : 'Set DATABASE_URL to use it, then compare it with the contracts: imo-ledger audit\n',
    );
  });
}

async function copy(from: string, to: string, signal: AbortSignal): Promise<void> {
  const { openDatabaseSource } = await import('../store/backup/databaseSource.js');
  const { restoreInto } = await import('../store/backup/restoreInto.js');
  const reporter = createCopyReporter('move');
  const startedAt = performance.now();
  const source = await openDatabaseSource(from, (progress) => reporter.update(progress));
  try {
    const rows = await restoreInto(to, source, signal);
    reporter.stop();
    process.stdout.write(
      `${describeDatabase(from)} → ${describeDatabase(to)}: ${rowsText(rows, startedAt)}\n` +
        chainLines(source.description),
    );
  } catch (error) {
    throw stoppedBy(signal, error);
  } finally {
    reporter.stop();
    await source.close();
  }
}

/** @throws ImoError `MOVE_TO_ITSELF`, `MOVE_TARGET_INVALID`, and those of `openDatabase` */
async function openTarget(to: string, config: string): Promise<OpenDatabase> {
  if (to !== EMBEDDED) {
    if (!/^postgres(ql)?:\/\//.test(to) || !URL.canParse(to)) {
      throw new ImoError(
        'MOVE_TARGET_INVALID',
        '--to is not a PostgreSQL URL',
        'Write --to postgresql://user@host:5432/database, or --to embedded.',
      );
    }
    return { url: await findServer(to, { writes: true }), close: async () => undefined };
  }
  if (databaseUrlFrom(process.env) === null) {
    throw new ImoError(
      'MOVE_TO_ITSELF',
      'the database is the embedded one already: DATABASE_URL is not set',
      'Name the database to copy with DATABASE_URL, or another target with --to.',
    );
  }
  const { DATABASE_URL: _, DB_URL: __, DB_HOST: ___, ...env } = process.env;
  return openDatabase({ env, config, writes: true, creates: true, onNote: noteOnce });
}
