import { connect } from 'node:net';
import pg from 'pg';
import { ImoError } from '../../errors.js';
import { isPooled, PooledStatements, withoutPooler } from './pooler.js';
import { settingsOf, withPinned } from './sessionSettings.js';
import { encryptionOf } from './sslMode.js';
import { timeOf } from './timestamps.js';

/**
 * The only place that makes connections to PostgreSQL. A connection can break at any moment, and
 * the driver then emits `error` on its client. Without a listener that event ends the process, even
 * while a client is checked out of a pool. So every client made here has a listener from the start.
 * `test/store/database/postgres.test.ts` keeps the driver out of all other files.
 */

export { DatabaseError, escapeLiteral } from 'pg';

/**
 * Columns of type `bigint` hold blocks, chain ids and counts. The driver would return them as text.
 */
pg.types.setTypeParser(pg.types.builtins.INT8, wholeNumber);

const parseTime = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => timeOf(text, parseTime));

/** @throws ImoError `DATABASE_NUMBER_TOO_LARGE` for a value that a number cannot hold exactly */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new ImoError(
    'DATABASE_NUMBER_TOO_LARGE',
    `the database holds ${text} where a block, a chain id or a count is expected`,
    'Such values are whole numbers up to 2^53 - 1. Restore the database from a backup, or index into a new one.',
  );
}

/** How long a server may take to accept a connection. */
const CONNECT_WITHIN_MS = 10_000;

/**
 * A connection whose loss does not end the process: its next statement fails instead. Callers that
 * must know at once listen for `error` or `end` as well. Its session always has the settings of
 * `sessionSettings.ts`, whatever the database and the role set.
 */
export class DatabaseClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    const { connectionTimeoutMillis = CONNECT_WITHIN_MS, keepAlive = true } = config;
    const { connectionString = '' } = config;
    const session = sessionOf({ ...config, connectionString: withoutPooler(connectionString) });
    const { options = '', ...unset } = session;
    const isBehindPooler = isPooled(connectionString);
    super({ ...(isBehindPooler ? unset : session), connectionTimeoutMillis, keepAlive });
    this.on('error', () => undefined);
    if (isBehindPooler) this.query = pooledQuery(this, options);
  }

  /** Of the session, in the server; 0: not connected yet. */
  get processId(): number {
    return (this as unknown as { readonly processID: number | null }).processID ?? 0;
  }
}

/** The `query` of a client that sends its settings with each transaction. */
function pooledQuery(client: pg.Client, options: string): pg.Client['query'] {
  const send = client.query.bind(client);
  const statements = new PooledStatements(
    (statement) => send<pg.QueryResultRow>(statement),
    settingsOf(options),
  );
  const query = (first: unknown, ...more: unknown[]) =>
    isSubmittable(first) ? send(first) : statements.query(first, ...more);
  return query as pg.Client['query'];
}

/** A stream, such as that of COPY: it runs inside a transaction that is already open. */
function isSubmittable(value: unknown): value is pg.Submittable {
  return typeof value === 'object' && value !== null && 'submit' in value;
}

/** Applies our session settings, and TLS as libpq understands the URL. */
function sessionOf(config: pg.ClientConfig): pg.ClientConfig {
  const { connectionString = '', options = '' } = config;
  if (!URL.canParse(connectionString)) return { ...config, options: withPinned(options) };
  const { url, ssl } = encryptionOf(connectionString);
  const parsed = new URL(url);
  // Otherwise the driver would use the options of the URL and drop all others.
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
 * Makes a pool of such clients. Broken ones are replaced.
 *
 * @param onIdleLoss is called when an unused connection breaks
 */
export function newPool(
  config: pg.PoolConfig,
  onIdleLoss: (error: Error) => void = () => undefined,
): pg.Pool {
  const pool = new pg.Pool({ Client: DatabaseClient, ...config });
  pool.on('error', onIdleLoss);
  return pool;
}

/** A connection of the pool that may be used. Others are closed, and the pool replaces them. */
async function usableOf(
  pool: pg.Pool,
  isUsable: (client: pg.PoolClient) => boolean,
): Promise<pg.PoolClient> {
  for (;;) {
    const client = await pool.connect();
    if (isUsable(client)) return client;
    client.release(true);
  }
}

/**
 * Runs a statement of a pool until the signal is aborted. It then asks the server to cancel until
 * the statement has ended, because a request that arrives before the statement cancels nothing. The
 * connection is replaced, so that a late cancellation cannot hit the next statement.
 *
 * @param isUsable whether a connection may still be used; default: each
 * @throws the reason of the signal
 */
export async function queryUntil<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: pg.QueryConfig<unknown[]>,
  signal: AbortSignal,
  isUsable: (client: pg.PoolClient) => boolean = () => true,
): Promise<pg.QueryResult<Row>> {
  signal.throwIfAborted();
  const client = await usableOf(pool, isUsable);
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

/** What the driver knows of the server process behind a connection. */
interface ServerProcess {
  readonly host?: string;
  readonly port?: number;
  readonly processID?: number | null;
  readonly secretKey?: number | null;
}

/**
 * Sends the cancel message of PostgreSQL's protocol ("Canceling Requests in Progress") on a new
 * connection.
 */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_WITHIN_MS = 5_000;
const CANCEL_AGAIN_MS = 500;

/**
 * Asks the server to cancel what runs on a connection. If the server ignores the request, its own
 * time limit ends the statement.
 */
export function requestCancel(client: pg.ClientBase): void {
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
