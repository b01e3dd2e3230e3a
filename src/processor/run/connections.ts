import { ImoError } from '../../errors.js';
import { chainIdOf, isGroup, isJoining } from '../../store/booksKey.js';
import { chainLockKey, NUMBERS_LOCK } from '../../store/database/chainLock.js';
import {
  askServer,
  assertWritable,
  type FoundServer,
  findServer,
  KEEP_ALIVE_AFTER_MS,
  openServer,
} from '../../store/database/connect.js';
import { type DatabaseClient, DatabaseError, newClient } from '../../store/database/postgres.js';
import { noteTerm } from '../../store/database/serverTerm.js';
import { noticeLostClients } from '../../store/database/sessionSettings.js';
import { dissolveGroups } from '../../store/write/groups/formGroups.js';
import { dropRowsAbove, followedByNodes } from '../../store/write/rowsFirst.js';
import type { LedgerConnections } from './ledgerDatabase.js';

/** The server may need so long to notice that the processor before this one was killed. */
const LOCK_WITHIN_MS = 5_000;

/** PostgreSQL: `lock_timeout` is over. */
const LOCK_NOT_AVAILABLE = '55P03';

export interface OpenConnections extends LedgerConnections {
  /** Where the database is. */
  readonly url: string;
  readonly writer: DatabaseClient;
  readonly reader: DatabaseClient;
  /** Resolves when a connection is lost, and with it the lock; never while they are well. */
  readonly lost: Promise<Error>;
  /** Runs `work` in a transaction that no other chain's processor can interleave. */
  exclusively<T>(work: (db: DatabaseClient) => Promise<T>): Promise<T>;
  /** The same on a connection of its own, whatever the writer is doing. */
  apart<T>(work: (db: DatabaseClient) => Promise<T>): Promise<T>;
  /** Ends the session that writes, and with it the lock. @returns the reader, which works on */
  release(): Promise<FoundServer>;
  close(): Promise<void>;
}

/** Where the database is, as configured: it may have moved since the last attempt. */
export type DatabaseUrl = string | (() => Promise<string>);

/** Where the database is at the moment. */
export async function databaseNow(databaseUrl: DatabaseUrl): Promise<string> {
  return findServer(await configured(databaseUrl), { writes: true });
}

/** The same, with the connection that found it: the caller ends it. */
export async function openDatabaseNow(databaseUrl: DatabaseUrl): Promise<FoundServer> {
  return openServer(await configured(databaseUrl), { writes: true });
}

/** Reads something of the database, without the lock of the chain. */
export async function readNow<T>(
  databaseUrl: DatabaseUrl,
  read: (db: DatabaseClient) => Promise<T>,
): Promise<T> {
  return askServer(await configured(databaseUrl), { writes: true }, read);
}

async function configured(databaseUrl: DatabaseUrl): Promise<string> {
  return typeof databaseUrl === 'string' ? databaseUrl : databaseUrl();
}

/**
 * Opens the processor's two connections and makes it the only one for its chain. The lock
 * belongs to the session that writes: who loses one has lost the other, and nothing is written
 * after that but in a new session that has the lock again.
 *
 * A group of contracts has a lock of its own, and shares that of the chain with the other groups. Who has a chain alone
 * makes one chain of its groups.
 *
 * @param keepsGroups the caller looks after the groups of the chain
 * @throws ImoError `CHAIN_LOCKED` or `GROUP_LOCKED` if another processor indexes the same into the database,
 *   `DATABASE_STANDBY` if the server cannot write, and what `findServer` throws.
 */
export async function openConnections(
  databaseUrl: DatabaseUrl,
  chainId: number,
  { keepsGroups = false } = {},
): Promise<OpenConnections> {
  return connectTo(await openDatabaseNow(databaseUrl), chainId, { keepsGroups });
}

/** The same where the server is found: the connection that found it becomes the reader. */
export async function connectTo(
  { url, client: reader }: FoundServer,
  chainId: number,
  { keepsGroups = false } = {},
): Promise<OpenConnections> {
  const writer = clientOf(url);
  let onLost: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => {
    onLost = resolve;
  });
  for (const client of [writer, reader]) client.on('error', onLost);
  const close = async () => {
    await Promise.all([writer.end(), reader.end()]);
  };
  try {
    await writer.connect();
    await assertWritable(writer);
    await noticeDeadClients(writer);
    const session = await lockChain(writer, chainId);
    await noteTerm(writer);
    const isCluster = await followedByNodes(writer);
    const isAlone = !isGroup(chainId) && !isJoining(chainId);
    if (isAlone && !keepsGroups) {
      await dissolveGroups(writer, chainId);
      if (isCluster) await dropRowsAbove(writer, chainId);
    }
    return {
      url,
      writer,
      reader,
      lost,
      exclusively: (work) => lockingNumbers(writer, work),
      async apart(work) {
        const client = clientOf(url);
        await client.connect();
        try {
          return await lockingNumbers(client, async (db) => {
            await assertLocked(db, chainId, session);
            return work(db);
          });
        } finally {
          await client.end();
        }
      },
      async release() {
        await writer.end();
        // The next attempt listens for itself.
        reader.off('error', onLost);
        return { url, client: reader };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function clientOf(url: string): DatabaseClient {
  return newClient({
    connectionString: url,
    application_name: 'imo-ledger',
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  });
}

/** Lets the server end our session, and give back the lock, soon after our machine is gone. */
async function noticeDeadClients(client: DatabaseClient): Promise<void> {
  await client.query(`SELECT set_config('tcp_keepalives_idle', '10', false),
    set_config('tcp_keepalives_interval', '5', false),
    set_config('tcp_keepalives_count', '4', false)`);
  // While a long statement runs too, where the server can look.
  await client.query(noticeLostClients('1000', 'session'));
}

/** @returns what names the session that has the lock. */
async function lockChain(writer: DatabaseClient, chainId: number): Promise<number> {
  await writer.query(`SET lock_timeout = ${LOCK_WITHIN_MS}`);
  try {
    if (isGroup(chainId)) {
      const chain = chainLockKey(chainIdOf(chainId));
      await writer.query('SELECT pg_advisory_lock_shared($1)', [chain]);
    }
    const { rows } = await writer.query<{ pid: number }>(
      'SELECT pg_advisory_lock($1), pg_backend_pid() AS pid',
      [chainLockKey(chainId)],
    );
    await writer.query('RESET lock_timeout');
    return rows[0]?.pid ?? 0;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw lockedBy(chainId, error);
  }
}

function lockedBy(key: number, cause: Error): ImoError {
  const hint = 'Stop the other process first, or use another database.';
  if (isGroup(key)) {
    return new ImoError(
      'GROUP_LOCKED',
      `another process is indexing this group of chain ${chainIdOf(key)}, or the whole chain, into this database`,
      hint,
      { cause },
    );
  }
  return new ImoError(
    'CHAIN_LOCKED',
    `another process is indexing chain ${chainIdOf(key)} into this database`,
    hint,
    { cause },
  );
}

/** @throws ImoError `DATABASE_LOST` if the writer's session has ended, and the lock with it. */
async function assertLocked(db: DatabaseClient, chainId: number, session: number): Promise<void> {
  const { rowCount } = await db.query(
    `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
     WHERE locktype = 'advisory' AND granted AND datname = current_database()
       AND (classid::bigint << 32) + objid::bigint = $1 AND objsubid = 1 AND pid = $2`,
    [chainLockKey(chainId), session],
  );
  if (rowCount === 1) return;
  throw new ImoError(
    'DATABASE_LOST',
    `the session that holds the lock of chain ${chainIdOf(chainId)} has ended`,
    'Check that the server runs. Nothing is lost: indexing continues from the last commit.',
  );
}

/**
 * Runs `work` in a transaction while nobody else can give a number to anything. The lock is not one of a table:
 * after a fork, the writer has rows of `token` locked while it asks for the number of an asset.
 */
async function lockingNumbers<T>(
  client: DatabaseClient,
  work: (db: DatabaseClient) => Promise<T>,
): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [NUMBERS_LOCK]);
    // Processors of earlier versions lock the table instead.
    await client.query('LOCK TABLE token IN ROW SHARE MODE');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
