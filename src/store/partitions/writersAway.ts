import { LAST_CHAIN_ID } from '../../chainIds.js';
import { ImoError } from '../../errors.js';
import { chainIdOf, joiningKey } from '../booksKey.js';
import { chainLockKey, NUMBERS_LOCK } from '../database/chainLock.js';
import { type DatabaseClient, DatabaseError } from '../database/postgres.js';

const LOCK_WITHIN_MS = 5_000;
/** PostgreSQL: `lock_timeout` is over. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Takes the locks of all chains for this session, so that nobody indexes meanwhile.
 *
 * @throws ImoError `CHAIN_LOCKED` if somebody does
 */
export async function keepIndexersAway(guard: DatabaseClient): Promise<void> {
  const { rows } = await guard.query<{ chain_id: number }>(
    `SELECT abs(chain_id) AS chain_id FROM chain_cursor
     UNION SELECT abs(chain_id) FROM manifest UNION SELECT abs(chain_id) FROM token ORDER BY 1`,
  );
  const keys = rows
    .filter(({ chain_id }) => chain_id <= LAST_CHAIN_ID)
    .flatMap(({ chain_id }) => [chain_id, joiningKey(chain_id)]);
  for (const key of keys) {
    if (await tryLock(guard, chainLockKey(key))) continue;
    throw new ImoError(
      'CHAIN_LOCKED',
      `another process is indexing chain ${chainIdOf(key)} into this database`,
      'Stop `imo-ledger index` of every chain first. Readers continue.',
    );
  }
  // A chain that is indexed for the first time has no row yet.
  await guard.query(`SET lock_timeout = ${LOCK_WITHIN_MS}`);
  await guard.query('SELECT pg_advisory_lock($1)', [NUMBERS_LOCK]);
}

async function tryLock(db: DatabaseClient, key: bigint): Promise<boolean> {
  const { rows } = await db.query<{ is_ours: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS is_ours',
    [key],
  );
  return rows[0]?.is_ours === true;
}

/**
 * Begins the transaction in which nobody can write a table, of any program. Readers continue.
 *
 * @throws ImoError `TABLE_WRITTEN` if somebody writes it
 */
export async function beginWithoutWriters(guard: DatabaseClient, table: string): Promise<void> {
  await guard.query('BEGIN');
  try {
    await guard.query(`LOCK TABLE ${table} IN SHARE MODE`);
  } catch (error) {
    await guard.query('ROLLBACK');
    if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new ImoError(
      'TABLE_WRITTEN',
      `another session writes or cleans the table ${table}, and did not end within ${LOCK_WITHIN_MS / 1000} s`,
      'Stop what writes to the database (`index`, `forget`, `restore`), or wait for a long VACUUM, then run the command again.',
      { cause: error },
    );
  }
}
