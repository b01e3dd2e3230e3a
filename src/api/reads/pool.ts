import type pg from 'pg';
import type { Logger } from 'pino';
import type { LimitsConfig } from '../../config/serving.js';
import { isPooled } from '../../store/database/pooler.js';
import { DatabaseClient, newPool } from '../../store/database/postgres.js';
import { serversOf } from '../../store/database/servers.js';
import { TERM } from '../../store/database/serverTerm.js';
import { noticeLostClients } from '../../store/database/sessionSettings.js';
import { HostChoice } from './hostChoice.js';
import { IDENTITY, ServerIdentity } from './serverIdentity.js';

/**
 * Reading only; many small statements, a few that go over all holders of a token. What nobody waits for any
 * more ends by itself, should its cancellation be lost.
 */
const SESSION_SETTINGS = '-c default_transaction_read_only=on -c work_mem=32MB -c jit=off';
/** A cheap statement that takes longer runs again among the expensive ones. */
const CHEAP_MS = 750;
/** Of the connections, those for expensive statements: processors are fewer than clients. */
const HEAVY_PART = 0.4;
const SHARED_PART = 0.3;
const CONNECT_WITHIN_MS = 5_000;

/** The connections, by what they are for. */
export interface ApiPools {
  /** For what requests read together: few statements, each known to be short. */
  readonly shared: pg.Pool;
  /** For statements of one request that should be short. */
  readonly cheap: pg.Pool;
  /** For the rest. */
  readonly heavy: pg.Pool;
  /** Who answers them all. */
  readonly server: ServerIdentity;
  /** Of several in the URL. */
  readonly hosts: HostChoice;
}

export function endPools({ shared, cheap, heavy, hosts }: ApiPools): Promise<unknown> {
  hosts.close();
  return Promise.all([shared, cheap, heavy].map((pool) => pool.end()));
}

export function openPools(
  databaseUrl: string,
  logger: Logger,
  { connections, statementSeconds }: Pick<LimitsConfig, 'connections' | 'statementSeconds'>,
): ApiPools {
  const heavy = Math.max(1, Math.floor(connections * HEAVY_PART));
  const shared = Math.max(1, Math.floor(connections * SHARED_PART));
  const statementMs = statementSeconds * 1_000;
  const server = new ServerIdentity();
  const hosts = new HostChoice(serversOf(databaseUrl), server, !isPooled(databaseUrl));
  const open = (size: number, timeoutMs: number) =>
    openPool(databaseUrl, logger, { connections: size, statementMs: timeoutMs, server, hosts });
  return {
    server,
    hosts,
    shared: open(shared, statementMs),
    cheap: open(Math.max(1, connections - heavy - shared), Math.min(CHEAP_MS, statementMs)),
    heavy: open(heavy, statementMs),
  };
}

interface PoolOptions {
  readonly connections: number;
  readonly statementMs: number;
  readonly server: ServerIdentity;
  readonly hosts: HostChoice;
}

/**
 * The connections of the API. Those that break are replaced when a request needs them, so the
 * pool outlives the server behind it; of several hosts in the URL, the next one is tried after
 * one that does not answer.
 */
function openPool(
  databaseUrl: string,
  logger: Logger,
  { connections, statementMs, server, hosts }: PoolOptions,
): pg.Pool {
  const settings = `${SESSION_SETTINGS} -c statement_timeout=${statementMs}`;
  const servers = serversOf(databaseUrl).map((url) => withSettings(url, settings));
  /** Which host a connection leads to. */
  const places = new WeakMap<object, number>();
  class Client extends DatabaseClient {
    constructor(options: pg.ClientConfig = {}) {
      const tried = hosts.place;
      super({
        ...options,
        connectionString: servers[tried],
        // Of the connection alone: a request may wait longer for one that is in use.
        connectionTimeoutMillis: CONNECT_WITHIN_MS,
      });
      places.set(this, tried);
      let isConnected = false;
      this.once('connect', () => {
        isConnected = true;
      });
      this.once('error', () => hosts.leave(tried));
      this.once('end', () => {
        if (!isConnected) hosts.leave(tried);
      });
    }
  }
  const notice = async (client: pg.ClientBase) => {
    await client.query(noticeLostClients('2s', 'session'));
    const hasChoice = servers.length > 1;
    const { rows } = await client.query<{ who: string; term?: number }>(
      `SELECT ${IDENTITY} AS who${hasChoice ? `, ${TERM}` : ''}`,
    );
    const [row] = rows;
    if (hasChoice) hosts.check(places.get(client) ?? 0, row?.term ?? 0);
    server.note(row?.who ?? '');
    server.adopt(client);
  };
  // Behind a pooler, each transaction says so itself, and may have another server.
  const onConnect = isPooled(databaseUrl) ? {} : { onConnect: notice };
  const config = { Client, max: connections, application_name: 'imo-ledger api', ...onConnect };
  return newPool(config, ({ message }) =>
    logger.warn({ reason: message }, 'a database connection was lost'),
  );
}

/** The same URL for a session that cannot write, without a time limit of its own. */
export function readOnlyUrl(databaseUrl: string): string {
  return withSettings(databaseUrl, SESSION_SETTINGS);
}

/** Settings of the session, after those that the URL may bring itself. */
function withSettings(databaseUrl: string, settings: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.set('options', `${given} ${settings}`.trim());
  return url.href;
}

/**
 * Says so if the role of the connections could write, were it not for the settings of the
 * session. Nothing hangs on it: a database that does not answer now is asked by requests.
 */
export async function warnIfWritable(pool: pg.Pool, logger: Logger): Promise<void> {
  try {
    const { rows } = await pool.query<{ readonly writable: boolean }>(
      `SELECT bool_or(has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writable
       FROM pg_class c WHERE c.relnamespace::regnamespace::text = ANY (current_schemas(false)) AND c.relkind IN ('r', 'p')`,
    );
    if (rows[0]?.writable !== true) return;
    logger.warn(
      {
        remedy: 'READER_PASSWORD=… imo-ledger migrate --reader-role NAME, then serve as that role',
      },
      'the database role of this server may write: only the settings of its sessions keep it from it',
    );
  } catch (error) {
    logger.debug({ err: error }, 'the rights of the database role are not known');
  }
}
