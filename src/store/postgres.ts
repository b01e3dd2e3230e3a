import pg from 'pg';

/**
 * The only place that makes connections to PostgreSQL. A connection can break at any moment, and
 * the driver then emits `error` on its client. Without a listener that event ends the process,
 * also while a client is checked out of a pool. So every client made here has a listener from
 * its first moment on. `test/store/postgres.test.ts` keeps the driver out of all other files.
 */

export { DatabaseError, escapeLiteral } from 'pg';

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
