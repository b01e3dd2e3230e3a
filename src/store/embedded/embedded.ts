import { access, chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ImoError } from '../../errors.js';
import { connectClient } from '../database/postgres.js';
import { type ServerAccount, serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { type Cluster, lockFile, openCluster, removeCluster } from './cluster.js';
import { initialise, ROLE } from './initialise.js';
import { withLock } from './lock.js';
import { readPostmaster } from './postmaster.js';
import {
  runningServer,
  type ServerSettings,
  shortenLog,
  startServer,
  stopServer,
} from './server.js';
import { addUser, removeUser } from './users.js';

export interface EmbeddedOptions {
  /** Folder whose data are kept and used again next time. */
  readonly folder: string;
  /** A server for one run of one process: it ends with the process, and the folder is deleted. */
  readonly ephemeral?: boolean;
  /** Postgres settings to change. */
  readonly settings?: ServerSettings;
}

/** A database that is open until `close()`. */
export interface OpenDatabase {
  /** Contains the password: never print it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a real PostgreSQL server of our own, for users who have none. Several processes may open
 * the same folder: the first starts the server, and the last to close it stops it. Also works as
 * root, by running the server as another account.
 *
 * @throws ImoError `EMBEDDED_POSTGRES_MISSING`, `EMBEDDED_POSTGRES_FAILED` or
 * `EMBEDDED_POSTGRES_LOCKED`
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<OpenDatabase> {
  const folder = resolve(options.folder);
  try {
    const account = await serverAccount();
    return await withLock(lockFile(folder), () => open(folder, account, options));
  } catch (cause) {
    if (cause instanceof ImoError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImoError(
      'EMBEDDED_POSTGRES_FAILED',
      `the embedded PostgreSQL in ${folder} cannot be used: ${reason}`,
      'Choose another folder with IMO_LEDGER_DATA, or set DATABASE_URL to your own server.',
      { cause },
    );
  }
}

async function open(
  folder: string,
  account: ServerAccount | null,
  options: EmbeddedOptions,
): Promise<OpenDatabase> {
  await mkdir(folder, { recursive: true });
  // Others may not enter a temporary folder, and the server may run as another account.
  if (options.ephemeral) await chmod(folder, 0o711);
  const cluster = await openCluster(folder, account);
  try {
    return await use(cluster, account, options);
  } catch (cause) {
    if (options.ephemeral) await removeCluster(cluster);
    throw cause;
  }
}

/** How often the log of the server is checked. */
const LOOK_EVERY_MS = 60_000;

/** Creates and starts the server if needed, and counts this process as a user. */
async function use(
  cluster: Cluster,
  account: ServerAccount | null,
  { ephemeral = false, settings = {} }: EmbeddedOptions,
): Promise<OpenDatabase> {
  const binaries = await findBinaries(account);
  if (!(await isInitialised(cluster))) {
    await initialise(cluster, binaries, account, { sync: !ephemeral });
  }
  const portBefore = (await readPostmaster(cluster.data))?.port ?? null;
  const { port } =
    (await runningServer(cluster)) ??
    (await startServer(cluster, binaries, account, { guarded: ephemeral, settings, portBefore }));
  const user = await addUser(cluster.users);
  const url = `postgresql://${ROLE}:${cluster.password}@127.0.0.1:${port}`;
  await createDatabase(`${url}/postgres`);

  const watch = setInterval(() => void shortenLog(cluster).catch(() => undefined), LOOK_EVERY_MS);
  watch.unref();
  const leave = async () => {
    clearInterval(watch);
    const wasLast = await removeUser(cluster.users, user);
    if (wasLast || ephemeral) await stopServer(cluster);
  };
  let closed: Promise<void> | null = null;
  return {
    url: `${url}/${ROLE}`,
    async close() {
      closed ??= withLock(cluster.lock, leave);
      await closed;
      if (ephemeral) await removeCluster(cluster);
    },
  };
}

function isInitialised(cluster: Cluster): Promise<boolean> {
  return access(join(cluster.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

async function createDatabase(maintenanceUrl: string): Promise<void> {
  const client = await connectClient({ connectionString: maintenanceUrl });
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${ROLE}`);
  } finally {
    await client.end();
  }
}
