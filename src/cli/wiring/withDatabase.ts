import { namedFault } from '../../store/database/databaseFault.js';
import type { OpenDatabase } from '../../store/embedded/embedded.js';
import { openDatabase } from '../../store/openDatabase.js';

/**
 * Does the work of a verb on the database of the environment, and closes it.
 *
 * @param writes only a primary will do
 * @throws ImoError of `openDatabase` or of `databaseFault`, or what `work` throws
 */
export async function withDatabase<T>(
  { writes = false }: { writes?: boolean },
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ env: process.env, writes });
  try {
    return await work(database);
  } catch (error) {
    // The reader of our output has gone: the broken socket is not a connection to the database.
    throw error === process.stdout.errored ? error : namedFault(error);
  } finally {
    await database.close();
  }
}
