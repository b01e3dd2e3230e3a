import { DatabaseError } from './postgres.js';
import type { SqlClient } from './sqlClient.js';

/** The timeline of a server that takes writes, in hexadecimal digits. It grows with each promotion. */
export const TIMELINE = 'left(pg_walfile_name(pg_current_wal_lsn()), 8)';

/**
 * The number of the term of a server, and when it began. Every promotion begins a term, with its row in the database:
 * a server with an earlier term was left behind, and one with another row of the same number has another history.
 */
export const TERM = `coalesce((SELECT max(number) FROM server_term), 0) AS term,
  (SELECT noted_at::text FROM server_term ORDER BY number DESC LIMIT 1) AS term_since`;

/** Servers that are not PostgreSQL itself may not have timelines, or not say them. */
const NOT_KNOWN = new Set(['42883', '42501', '0A000']);

/**
 * Notes the term of the server before the first write of a session to it. Standbys have the row as soon as they have
 * replayed it, and servers that do not follow this one never do.
 */
export async function noteTerm(db: SqlClient): Promise<void> {
  try {
    await db.query(
      `WITH last AS (SELECT number, timeline FROM server_term ORDER BY number DESC LIMIT 1)
       INSERT INTO server_term (number, timeline)
       SELECT coalesce((SELECT number FROM last), 0) + 1, now.timeline
       FROM (SELECT ${TIMELINE} AS timeline) AS now
       WHERE now.timeline IS DISTINCT FROM (SELECT timeline FROM last)
       ON CONFLICT DO NOTHING`,
    );
  } catch (error) {
    if (!(error instanceof DatabaseError) || !NOT_KNOWN.has(error.code ?? '')) throw error;
  }
}

/** The number of the term of a server. */
export async function readTerm(db: SqlClient): Promise<number> {
  const { rows } = await db.query<{ term: number }>(`SELECT ${TERM}`);
  return rows[0]?.term ?? 0;
}
