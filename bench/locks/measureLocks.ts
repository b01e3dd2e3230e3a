import { readKnownMigrations } from '../../src/store/database/knownMigrations.js';
import { connectClient } from '../../src/store/database/postgres.js';
import { runMigrations } from '../../src/store/database/schemaTransaction.js';
import { PARTITIONED_TABLES } from '../../src/store/partitions/partitions.js';
import { partitionTables } from '../../src/store/partitions/partitionTables.js';
import { fillTable, fillTokens } from './fillTables.js';
import { startReaders } from './readers.js';

/** A change of the schema while readers run. */
export interface MeasuredChange {
  /** Of the migration, or `migrate --partitions`. */
  readonly name: string;
  readonly seconds: number;
  /** The longest time in which a reader got an answer. */
  readonly longestWaitMs: number;
  /** How many answers readers got meanwhile. */
  readonly answers: number;
}

/**
 * Runs every migration on an empty database, one after the other, and then partitions the tables. A large
 * table is filled as soon as a migration has made it, so that all later ones find rows in it. Readers
 * read the filled tables all the time.
 */
export async function* measureLocks(
  url: string,
  rowsOf: (table: string) => number,
): AsyncGenerator<MeasuredChange> {
  const db = await connectClient({ connectionString: url });
  const filled = new Set<string>();
  try {
    for (const name of await readKnownMigrations()) {
      yield await measured(url, name, [...filled], () => runMigrations(url, [name]));
      for (const table of await newTables(db, filled)) {
        await fillTable(db, table, rowsOf(table));
        filled.add(table);
      }
    }
    await fillTokens(db);
    yield await measured(url, 'migrate --partitions', [...filled], () =>
      partitionTables(url, {
        numbersEach: 4,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onWaiting: () => undefined,
      }),
    );
  } finally {
    await db.end();
  }
}

async function newTables(
  db: Awaited<ReturnType<typeof connectClient>>,
  filled: ReadonlySet<string>,
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL',
    [PARTITIONED_TABLES],
  );
  return rows.map(({ name }) => name).filter((name) => !filled.has(name));
}

async function measured(
  url: string,
  name: string,
  tables: readonly string[],
  change: () => Promise<unknown>,
): Promise<MeasuredChange> {
  const readers = await startReaders(url, tables);
  try {
    const startedAt = performance.now();
    await change();
    const seconds = (performance.now() - startedAt) / 1000;
    const { longestMs: longestWaitMs, answers } = readers.take();
    return { name, seconds, longestWaitMs, answers };
  } finally {
    await readers.stop();
  }
}
