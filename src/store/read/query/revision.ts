import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/**
 * SQL of the state of the database that a statement sees: the transactions that have ended. Statements with
 * the same revision see the same rows of all tables, even if they run minutes apart. After a failover, another
 * server may count to the same transaction, so the start of the server is part of it. NULL on a standby: its
 * snapshots do not name all transactions that are still running. NULL in a cluster, whose nodes count for themselves.
 */
export const REVISION = `(SELECT CASE WHEN NOT pg_is_in_recovery()
    AND to_regclass('pg_dist_partition') IS NULL
  THEN pg_postmaster_start_time()::text || ' ' || pg_current_snapshot()::text END)`;

/** The revision now. */
export async function readRevision(db: Queryable): Promise<string | null> {
  const [row] = await readRows<{ readonly revision: string | null }>(
    db,
    'revision',
    `SELECT ${REVISION} AS revision`,
    [],
  );
  return row?.revision ?? null;
}
