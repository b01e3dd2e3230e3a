import { namedFault } from '../../store/database/databaseFault.js';
import type { OpenDatabase } from '../../store/embedded/embedded.js';
import { openDatabase } from '../../store/openDatabase.js';

/** What a verb needs of the database. */
interface DatabaseUse {
  /** Path of the config file: the embedded server keeps its data next to it. */
  readonly config: string;
  /** Only a primary will do. */
  readonly writes?: boolean;
  /** The verb may start new books: the embedded server is set up if it has no data. */
  readonly creates?: boolean;
}

/**
 * Does the work of a verb on the database of the environment, and closes it.
 *
 * @throws ImoError of `openDatabase` or of `databaseFault`, or what `work` throws
 */
export async function withDatabase<T>(
  use: DatabaseUse,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ env: process.env, ...use, onNote: noteOnce });
  try {
    return await work(database);
  } catch (error) {
    // The reader of our output has gone: the broken socket is not a connection to the database.
    throw error === process.stdout.errored ? error : namedFault(error);
  } finally {
    await database.close();
  }
}

const noted = new Set<string>();

/** Writes a note to stderr, the same one only once. */
export function noteOnce(line: string): void {
  if (noted.has(line)) return;
  noted.add(line);
  process.stderr.write(`note: ${line}\n`);
}
