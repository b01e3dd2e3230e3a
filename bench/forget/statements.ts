import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseClient } from '../../src/store/database/postgres.js';

/** What was seen of the sessions of `forget`. */
export interface SeenStatements {
  /** The longest transaction, in milliseconds: as long as it can hold a lock. */
  readonly longestMs: number;
  /** How long another session waits for a lock, at most. */
  readonly longestWaitMs: number;
}

const LOOK = `SELECT
    coalesce(max(extract(epoch FROM clock_timestamp() - xact_start) * 1000)
      FILTER (WHERE application_name = 'imo-ledger forget'), 0)::int AS longest,
    coalesce(max(extract(epoch FROM clock_timestamp() - query_start) * 1000)
      FILTER (WHERE application_name = 'imo-ledger' AND wait_event_type = 'Lock'), 0)::int AS waits
  FROM pg_stat_activity WHERE datname = current_database()`;

/** Looks at the sessions of the database until it is stopped. */
export async function watchStatements(
  db: DatabaseClient,
): Promise<{ stop(): Promise<SeenStatements> }> {
  let [longestMs, longestWaitMs] = [0, 0];
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const { rows } = await db.query<{ longest: number; waits: number }>(LOOK);
      longestMs = Math.max(longestMs, rows[0]?.longest ?? 0);
      longestWaitMs = Math.max(longestWaitMs, rows[0]?.waits ?? 0);
      await delay(5);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
      await db.end();
      return { longestMs, longestWaitMs };
    },
  };
}
