import { connect } from 'node:net';
import pg from 'pg';
import { ImoError } from '../../errors.js';
import { withPinned } from './sessionSettings.js';
import { encryptionOf } from './sslMode.js';

/**
 * The only place that makes connections to PostgreSQL. A connection can break at any moment, and
 * the driver then emits `error` on its client. Without a listener that event ends the process,
 * also while a client is checked out of a pool. So every client made here has a listener from
 * its first moment on. `test/store/database/postgres.test.ts` keeps the driver out of all other files.
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
 * know at once listens for `error` or `end` as well. Whatever the database and the role set, its session
 * has the same settings (`sessionSettings.ts`).
 */
export class DatabaseClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    const { connectionTimeoutMillis = CONNECT_WITHIN_MS, keepAlive = true } = config;
    super({ ...sessionOf(config), connectionTimeoutMillis, keepAlive });
    this.on('error', () => undefined);
  }
}

/** With our settings of a session, and TLS as libpq understands the URL. */
function sessionOf(config: pg.ClientConfig): pg.ClientConfig {
  const { connectionString = '', options = '' } = config;
  if (!URL.canParse(connectionString)) return { ...config, options: withPinned(options) };
  const { url, ssl } = encryptionOf(connectionString);
  const parsed = new URL(url);
  // The driver would take the options of the URL instead of all others.
  const given = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.delete('options');
  const own = `${given} ${options}`.trim();
  const target = given === '' ? url : parsed.href;
  return { ...config, connectionString: target, ssl, options: withPinned(own) };
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

/**
 * Runs a statement of a pool until the signal is aborted: the server is asked to cancel it until it has
 * ended, because a request that comes before the statement cancels nothing. Its connection is replaced,
 * so that a late cancellation cannot hit the next statement.
 *
 * @throws the reason of the signal
 */
export async function queryUntil<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: pg.QueryConfig<unknown[]>,
  signal: AbortSignal,
): Promise<pg.QueryResult<Row>> {
  signal.throwIfAborted();
  const client = await pool.connect();
  let failure: Error | boolean | undefined;
  let repeating: NodeJS.Timeout | undefined;
  const cancel = () => {
    failure = true;
    requestCancel(client);
    repeating = setInterval(() => requestCancel(client), CANCEL_AGAIN_MS);
  };
  if (signal.aborted) {
    client.release();
    throw signal.reason;
  }
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await client.query<Row>(statement);
  } catch (error) {
    failure ??= error instanceof Error ? error : true;
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    clearInterval(repeating);
    client.release(failure);
  }
}

/** What the driver keeps of the server process behind a connection. */
interface ServerProcess {
  readonly host?: string;
  readonly port?: number;
  readonly processID?: number | null;
  readonly secretKey?: number | null;
}

/** PostgreSQL's protocol, "Canceling Requests in Progress": a message of its own on a new connection. */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_WITHIN_MS = 5_000;
const CANCEL_AGAIN_MS = 500;

/** What the server does not take now ends at its own time limit. */
function requestCancel(client: pg.PoolClient): void {
  const { host = 'localhost', port = 5432, processID, secretKey } = client as ServerProcess;
  if (processID == null || secretKey == null) return;
  const message = Buffer.alloc(16);
  for (const [index, word] of [16, CANCEL_REQUEST, processID, secretKey].entries()) {
    message.writeInt32BE(word | 0, index * 4);
  }
  const socket = host.startsWith('/')
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect({ host, port });
  socket.setTimeout(CANCEL_WITHIN_MS, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.end(message);
}
