import { setTimeout as delay } from 'node:timers/promises';
import { type DatabaseClient, DatabaseError } from '../database/postgres.js';
import { PARTITIONED_TABLES } from './partitions.js';

/** Readers and writers who come meanwhile wait so long at most; then they are let through. */
const LOCK_WITHIN_MS = 200;
const PAUSE_MS = 150;
/** PostgreSQL: `lock_timeout` is over, or two sessions block each other. */
const TRY_AGAIN = new Set(['55P03', '40P01']);

/**
 * Does short work in a transaction in which nobody else reads or writes the partitioned tables, or
 * commits blocks of the chain. It tries again until the locks are free.
 */
export async function exclusively<T>(
  db: DatabaseClient,
  chainId: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    await db.query('BEGIN');
    try {
      await db.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
      await db.query(
        `LOCK TABLE ONLY ${PARTITIONED_TABLES.join(', ONLY ')} IN ACCESS EXCLUSIVE MODE`,
      );
      await db.query('SELECT FROM chain_cursor WHERE chain_id = $1 FOR UPDATE', [chainId]);
      const result = await work();
      await db.query('COMMIT');
      return result;
    } catch (error) {
      await db.query('ROLLBACK').catch(() => undefined);
      if (!(error instanceof DatabaseError) || !TRY_AGAIN.has(error.code ?? '')) throw error;
    }
    await delay(PAUSE_MS);
  }
}
