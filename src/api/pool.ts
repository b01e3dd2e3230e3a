import pg from 'pg';
import type { Logger } from 'pino';
import { serversOf } from '../store/servers.js';

/** Reading only; many small statements, a few that go over all holders of a token. */
const SESSION_SETTINGS =
  '-c default_transaction_read_only=on -c statement_timeout=10s -c work_mem=32MB -c jit=off';
const CONNECTIONS_AT_MOST = 10;
const CONNECT_WITHIN_MS = 5_000;

/**
 * The connections of the API. Those that break are replaced when a request needs them, so the
 * pool outlives the server behind it; of several hosts in the URL, the next one is tried after
 * one that does not answer.
 */
export function openPool(databaseUrl: string, logger: Logger): pg.Pool {
  const servers = serversOf(databaseUrl).map(readOnlyUrl);
  let current = 0;
  const leave = (tried: number) => {
    if (tried === current) current += 1;
  };
  class Client extends pg.Client {
    constructor(options: pg.ClientConfig = {}) {
      const tried = current;
      super({
        ...options,
        connectionString: servers[tried % servers.length],
        // Of the connection alone: a request may wait longer for one that is in use.
        connectionTimeoutMillis: CONNECT_WITHIN_MS,
        keepAlive: true,
      });
      let isConnected = false;
      this.once('connect', () => {
        isConnected = true;
      });
      this.once('error', () => leave(tried));
      this.once('end', () => {
        if (!isConnected) leave(tried);
      });
    }
  }
  const pool = new pg.Pool({
    Client,
    max: CONNECTIONS_AT_MOST,
    application_name: 'imo-ledger api',
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', ({ message }) => {
    logger.warn({ reason: message }, 'a database connection was lost');
  });
  return pool;
}

/** Settings of the session, after those that the URL may bring itself. */
export function readOnlyUrl(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.set('options', `${given} ${SESSION_SETTINGS}`.trim());
  return url.href;
}
