import pg from 'pg';
import { ImoError } from '../errors.js';

/**
 * The only place that makes connections to PostgreSQL. A connection can break at any moment, and
 * the driver then emits `error` on its client. Without a listener that event ends the process,
 * also while a client is checked out of a pool. So every client made here has a listener from
 * its first moment on. `test/store/postgres.test.ts` keeps the driver out of all other files.
 */

export { DatabaseError, escapeLiteral } from 'pg';

/** Columns `bigint` are blocks, chain ids and counts. The driver would give them as text. */
pg.types.setTypeParser(pg.types.builtins.INT8, wholeNumber);

/** @throws ImoError `DATABASE_NUMBER_TOO_LARGE` for what a number does not hold exactly */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new ImoError(
    'DATABASE_NUMBER_TOO_LARGE',
    `the database holds ${text} where a block, a chain id or a count is expected`,
    'They are whole numbers up to 2^53 - 1. Restore the database, or index into a new one.',
  );
}

/** How long a server may take to accept a connection. */
const CONNECT_WITHIN_MS = 10_000;

/**
 * A connection whose loss does not end the process: its next statement fails instead. Who has to
 * know at once listens for `error` or `end` as well.
 */
export class DatabaseClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    const { connectionTimeoutMillis = CONNECT_WITHIN_MS, keepAlive = true } = config;
    super({ ...config, connectionTimeoutMillis, keepAlive });
    this.on('error', () => undefined);
  }
}

/** A client that is not connected yet. */
export function newClient(config: pg.ClientConfig): DatabaseClient {
  return new DatabaseClient(config);
}

/** @throws the error of the driver if the server does not accept the connection */
export async function connectClient(config: pg.ClientConfig): Promise<DatabaseClient> {
  const client = newClient(config);
  await client.connect();
  return client;
}

/**
 * A pool of such clients. Those that break are replaced.
 *
 * @param onIdleLoss is called when a connection broke that nobody was using
 */
export function newPool(
  config: pg.PoolConfig,
  onIdleLoss: (error: Error) => void = () => undefined,
): pg.Pool {
  const pool = new pg.Pool({ Client: DatabaseClient, ...config });
  pool.on('error', onIdleLoss);
  return pool;
}
