import type { ClientBase } from 'pg';

/** A session that holds a lock which another one waits for. */
export interface LockHolder {
  readonly pid: number;
  /** Empty: it gave no name. */
  readonly application: string;
  /** Start of its newest statement, ISO 8601; `null`: our role may not see it. */
  readonly queryStart: string | null;
}

/** A session that waits for a lock. */
export interface LockWait {
  readonly pid: number;
  /** Whole seconds since its statement started. */
  readonly seconds: number;
  readonly holders: readonly LockHolder[];
}

/**
 * The sessions of imo-ledger in this database whose wait for a lock takes `seconds` or longer, and who holds the lock. It
 * never reads the text of a statement, which may hold secrets.
 *
 * @param pids only these; default: all
 */
export async function readLockWaits(
  db: Pick<ClientBase, 'query'>,
  { seconds, pids = null }: { readonly seconds: number; readonly pids?: readonly number[] | null },
): Promise<LockWait[]> {
  const { rows } = await db.query<LockWait>(
    `SELECT waiting.pid, floor(extract(epoch FROM clock_timestamp() - waiting.query_start))::int AS seconds,
       json_agg(json_build_object('pid', holder.pid, 'application', coalesce(holder.application_name, ''),
         'queryStart', to_char(holder.query_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
         ORDER BY holder.pid) AS holders
     FROM pg_stat_activity AS waiting
     CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(waiting.pid)) AS pid) AS blocking
     JOIN pg_stat_activity AS holder ON holder.pid = blocking.pid
     WHERE waiting.datname = current_database() AND waiting.wait_event_type = 'Lock'
       AND CASE WHEN $2::int[] IS NULL THEN waiting.application_name = 'imo-ledger' ELSE waiting.pid = ANY ($2) END
       AND clock_timestamp() - waiting.query_start >= make_interval(secs => $1)
     GROUP BY waiting.pid, waiting.query_start
     ORDER BY waiting.query_start`,
    [seconds, pids],
  );
  return rows;
}

/** "process 4711 (psql, its statement started at 2026-11-30T20:15:00Z)" */
export function holdersText({ holders }: LockWait): string {
  return holders
    .map(({ pid, application, queryStart }) => {
      const started = queryStart === null ? [] : [`its statement started at ${queryStart}`];
      const known = [...(application === '' ? [] : [application]), ...started];
      return `process ${pid}${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
    })
    .join(' and ');
}
