import { DatabaseError } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';

/** No statement holds its locks longer: the server ends it, and a smaller one follows. */
const STATEMENT_AT_MOST_MS = 800;
/** A piece that took less may be followed by a larger one. */
const FAST_MS = 60;
const SLOW_MS = 200;
const FIRST_ROWS = 200;
const ROWS_AT_MOST = 10_000;

/** PostgreSQL: `statement_timeout` is over. */
const QUERY_CANCELED = '57014';

/** How many rows one statement deletes, so that none takes long. */
export class PieceSize {
  private rows = FIRST_ROWS;

  /**
   * Does a piece of work on at most `rows` rows, and again on fewer if it takes too long.
   *
   * @param db its session has the limit of `limitStatements`
   */
  async run<Result>(work: (rows: number) => Promise<Result>): Promise<Result> {
    for (;;) {
      const startedAt = performance.now();
      try {
        const result = await work(this.rows);
        const tookMs = performance.now() - startedAt;
        if (tookMs < FAST_MS) this.rows = Math.min(ROWS_AT_MOST, this.rows * 2);
        if (tookMs > SLOW_MS) this.rows = Math.max(1, Math.floor(this.rows / 2));
        return result;
      } catch (error) {
        const isTooLong = error instanceof DatabaseError && error.code === QUERY_CANCELED;
        if (!isTooLong || this.rows === 1) throw error;
        this.rows = Math.max(1, Math.floor(this.rows / 8));
      }
    }
  }
}

/** Prepares a session for pieces: each finds its rows by an index, in bounded time. */
export async function limitStatements(db: SqlClient): Promise<void> {
  await db.query(`SET statement_timeout = ${STATEMENT_AT_MOST_MS}`);
  // Short ranges of keys, which a planner takes for long ones until the tables are analysed.
  await db.query(
    'SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off',
  );
}
