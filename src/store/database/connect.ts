import { ImoError } from '../../errors.js';
import { asPooled, isPooled, isRefusedOption, refusePooler } from './pooler.js';
import { type DatabaseClient, DatabaseError, newClient } from './postgres.js';
import { serversOf } from './servers.js';
import { TIMELINE } from './serverTerm.js';
import { readSupportedVersion, type ServerVersion } from './serverVersion.js';
import { addOptions, MARK_SETTING, NEWER_LIMITS } from './sessionSettings.js';
import type { SqlClient } from './sqlClient.js';
import { encryptionFault, modesOf, withMode } from './sslMode.js';

const CONNECT_WITHIN_MS = 5_000;
/** A server that is gone without a word is noticed soon. */
export const KEEP_ALIVE_AFTER_MS = 10_000;

/** The driver would treat any other text as a host name. */
const POSTGRES_URL = /^postgres(ql)?:\/\//;

/** A server that answers. */
export interface FoundServer {
  readonly url: string;
  /** The connection that found it: the caller ends it. */
  readonly client: DatabaseClient;
}

/**
 * Finds the first server of a URL with one or more hosts that answers. A caller that writes gets the one that
 * accepts writes, and of several the one that was promoted last.
 *
 * @throws ImoError `DATABASE_DOWN`, `DATABASE_STANDBY`, `DATABASE_REFUSED` or
 * `DATABASE_URL_INVALID`: the error of the host that came closest to connecting
 */
export async function findServer(
  configured: string,
  options: { writes: boolean },
): Promise<string> {
  const { url, client } = await openServer(configured, options);
  await end(client);
  return url;
}

/**
 * Asks that server something on the connection that finds it, instead of opening another one.
 *
 * @throws what `findServer` throws, and what `ask` throws
 */
export async function askServer<Answer>(
  configured: string,
  options: { writes: boolean },
  ask: (db: DatabaseClient) => Promise<Answer>,
): Promise<Answer> {
  const { client } = await openServer(configured, options);
  try {
    return await ask(client);
  } finally {
    await end(client);
  }
}

/**
 * Finds that server and keeps the connection that found it.
 *
 * @throws what `findServer` throws
 */
export async function openServer(
  configured: string,
  options: { writes: boolean },
): Promise<FoundServer> {
  const servers = serversOf(configured);
  if (options.writes && servers.length > 1) return openPrimary(servers);
  const failures: unknown[] = [];
  for (const url of servers) {
    try {
      return await openAnswering(url, options);
    } catch (error) {
      failures.push(error);
    }
  }
  throw closest(failures);
}

/**
 * Of several servers that take writes, one was promoted last. The others were lost, and started again as they were:
 * what is written to them is lost.
 */
async function openPrimary(servers: readonly string[]): Promise<FoundServer> {
  const opened = await Promise.allSettled(
    servers.map((url) => openAnswering(url, { writes: true })),
  );
  const found = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [first, ...others] = found;
  if (first === undefined) {
    throw closest(opened.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
  }
  if (others.length === 0) return first;
  try {
    const timelines = await Promise.all(found.map(({ client }) => readTimeline(client)));
    const newest = found[timelines.indexOf(Math.max(...timelines))] ?? first;
    await Promise.all(found.map((one) => (one === newest ? null : end(one.client))));
    return newest;
  } catch (error) {
    await Promise.all(found.map(({ client }) => end(client)));
    throw error;
  }
}

/** Grows with each promotion. */
async function readTimeline(client: DatabaseClient): Promise<number> {
  const { rows } = await client.query<{ timeline: string }>(`SELECT ${TIMELINE} AS timeline`);
  return Number.parseInt(rows[0]?.timeline ?? '', 16);
}

/** The error of the server that came closest to connecting. */
function closest(failures: readonly unknown[]): unknown {
  const isStandby = (error: unknown) =>
    error instanceof ImoError && error.code === 'DATABASE_STANDBY';
  return failures.find(isStandby) ?? failures[0];
}

/**
 * Connects to one server with the first TLS mode that its `sslmode` allows and that the server
 * accepts.
 */
async function openAnswering(url: string, options: { writes: boolean }): Promise<FoundServer> {
  const failures: unknown[] = [];
  for (const mode of modesOf(url)) {
    try {
      return await openSettled(withMode(url, mode), options);
    } catch (error) {
      failures.push(error);
      if (!(error instanceof ImoError) || !OTHER_MODE_HELPS.has(error.code)) break;
    }
  }
  // An error about the user is more useful than the one that the server does not serve TLS.
  throw failures.find((error) => !isWithoutTls(error)) ?? failures.at(-1);
}

/**
 * Connects again until the session is as we need it: without a time limit that a role sets, and
 * without `options` behind a pooler.
 */
async function openSettled(given: string, options: { writes: boolean }): Promise<FoundServer> {
  for (let url = given; ; ) {
    const next = await tryOnce(url, options);
    if (typeof next !== 'string') return next;
    url = next;
  }
}

/** @returns the server, or the URL to try next */
async function tryOnce(url: string, options: { writes: boolean }): Promise<FoundServer | string> {
  try {
    const { client, version } = await openSession(url, options);
    const limits = version.limits.filter((name) => !isLifted(url, name));
    const isHidden = !version.isDirect && !isPooled(url);
    if (limits.length === 0 && !isHidden) return { url, client };
    await end(client);
    return limits.reduce(withoutLimit, isHidden ? asPooled(url) : url);
  } catch (error) {
    // A limit may be so short that even the first statement fails.
    const limit = NEWER_LIMITS.find(({ sqlState }) => sqlState === sqlStateOf(error));
    if (limit !== undefined && !isLifted(url, limit.name)) return withoutLimit(url, limit.name);
    const isPooler = error instanceof ImoError && isRefusedOption(error.cause);
    if (isPooler && !isPooled(url)) return asPooled(url);
    throw error;
  }
}

function withoutLimit(url: string, name: string): string {
  return addOptions(url, `-c ${name}=0`);
}

function isLifted(url: string, name: string): boolean {
  return new URL(url).searchParams.get('options')?.includes(`-c ${name}=0`) ?? false;
}

function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof DatabaseError ? cause.code : undefined;
}

function isWithoutTls(error: unknown): boolean {
  return error instanceof ImoError && error.code === 'DATABASE_TLS_MISSING';
}

/** With `prefer` and `allow`: the server does not serve TLS, or requires it. */
const OTHER_MODE_HELPS = new Set(['DATABASE_TLS_MISSING', 'DATABASE_REFUSED']);

/**
 * @throws ImoError `DATABASE_STANDBY` if the session cannot write, `DATABASE_POOLED` if it is behind
 * a connection pooler
 */
export async function assertWritable(db: SqlClient): Promise<void> {
  const { rows } = await db.query<{ standby: boolean; direct: boolean | null }>(
    `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS standby,
       current_setting('${MARK_SETTING}', true) = 'direct' AS direct`,
  );
  if (rows[0]?.direct !== true) refusePooler();
  if (!rows[0].standby) return;
  throw new ImoError(
    'DATABASE_STANDBY',
    'the database is a standby, or set to read only: it cannot be written to',
    'Name the primary in DATABASE_URL (several hosts are possible: host1:5432,host2:5432), or ' +
      'promote this server.',
  );
}

/** `host:port/database`: identifies the database without showing user and password. */
export function describeDatabase(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${decodeURIComponent(pathname)}`;
}

/**
 * @param writes requires a server that accepts writes
 * @throws ImoError `DATABASE_DOWN`, `DATABASE_STANDBY`, `DATABASE_REFUSED`, `DATABASE_URL_INVALID`,
 * `DATABASE_POOLED` if the caller writes through a pooler, `DATABASE_VERSION_UNSUPPORTED`, and those of `encryptionOf` and `encryptionFault`
 */
export async function assertDatabaseAnswers(
  url: string,
  options = { writes: false },
): Promise<ServerVersion> {
  const { client, version } = await openSession(url, options);
  await end(client);
  return version;
}

/** @throws what `assertDatabaseAnswers` throws; then no connection is left */
async function openSession(
  url: string,
  { writes }: { writes: boolean },
): Promise<{ client: DatabaseClient; version: ServerVersion }> {
  if (!POSTGRES_URL.test(url) || !URL.canParse(url)) {
    throw new ImoError(
      'DATABASE_URL_INVALID',
      'DATABASE_URL is not a PostgreSQL URL',
      'Write postgresql://user:password@host:5432/database, with special characters of the password percent-encoded.',
    );
  }
  const client = newClient({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    application_name: 'imo-ledger',
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  });
  let broken: unknown = null;
  client.on('error', (error) => {
    broken = error;
  });
  try {
    await client.connect();
    const version = await readSupportedVersion(client, describeDatabase(url));
    if (writes) await assertWritable(client);
    return { client, version };
  } catch (cause) {
    await end(client);
    // The cause is more useful than the fact that the connection ended.
    throw cause instanceof ImoError ? cause : connectionError(url, broken ?? cause);
  }
}

async function end(client: DatabaseClient): Promise<void> {
  await client.end().catch(() => undefined);
}

function connectionError(url: string, cause: unknown): ImoError {
  const database = describeDatabase(url);
  const fault = encryptionFault(cause, database);
  if (fault !== null) return fault;
  if (cause instanceof DatabaseError && !isTransient(cause)) {
    return new ImoError(
      'DATABASE_REFUSED',
      `the database ${database} refused the connection: ${cause.message}`,
      'Check the user, the password and the database name in DATABASE_URL; create the database if it is missing.',
      { cause },
    );
  }
  return new ImoError(
    'DATABASE_DOWN',
    `the database ${database} does not answer: ${reasonOf(cause)}`,
    'Start the server or correct DATABASE_URL; without DATABASE_URL an embedded PostgreSQL is started.',
    { cause },
  );
}

/** Class 57P: the server is starting, stopping or recovering; 53: it is full. */
function isTransient({ code = '' }: DatabaseError): boolean {
  return code.startsWith('57P') || code.startsWith('53');
}

function reasonOf(cause: unknown): string {
  // A host with several addresses fails with one error for each address and an empty message.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : String(first);
}
