import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ImoError } from '../../errors.js';
import type { ServerAccount } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { SERVER_ENVIRONMENT } from './initialise.js';
import { isServing, type Postmaster, postmasterFile, readPostmaster } from './postmaster.js';

const POLL_MS = 25;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 60_000;
/**
 * Another program can take the port before the server binds it; children of a killed server may
 * linger.
 */
const ATTEMPTS = 3;

/** Run-time settings by name. Everything else keeps Postgres' default. */
export type ServerSettings = Readonly<Record<string, string | number>>;

const SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  jit: 'off',
  // Our own programs report their failed statements, and those contain what clients sent.
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/**
 * Runs "$@" until it ends or our end of the standard input pipe is closed. The pipe also closes
 * when this process dies for any reason, so neither server nor data are left behind.
 */
const GUARD = `
data=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ cat <&3; kill -INT $server; } >/dev/null 2>&1 &
wait $server
rm -rf "$data" 2>/dev/null
`;

/**
 * Starts the server on a free port and waits until it accepts connections. It is detached, so that
 * Ctrl-C at the terminal reaches only us. With `guarded` it ends when this process ends.
 *
 * @throws ImoError `EMBEDDED_POSTGRES_FAILED` with the end of the server's log
 */
export async function startServer(
  cluster: Cluster,
  binaries: PostgresBinaries,
  account: ServerAccount | null,
  options: { guarded: boolean; settings: ServerSettings; portBefore?: number | null },
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    // Clients of a server that was killed reconnect to the same port.
    const { portBefore = null } = options;
    const port = portBefore !== null && attempt < ATTEMPTS ? portBefore : await freePort();
    const settings = Object.entries({ ...SETTINGS, ...options.settings });
    const command = [
      binaries.postgres,
      ...['-D', cluster.data, '-p', String(port)],
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const started = await launch(command, cluster, account, options.guarded);
    if (started !== null) return started;
    if (attempt === ATTEMPTS) throw await failure(cluster);
    await delay(500);
  }
}

async function launch(
  command: readonly string[],
  cluster: Cluster,
  account: ServerAccount | null,
  guarded: boolean,
): Promise<Postmaster | null> {
  const guard = guarded ? ['/bin/sh', '-c', GUARD, 'postgres-guard', cluster.data] : [];
  const [program = '', ...args] = [...guard, ...command];
  const log = await openLog(cluster.log);
  const child = spawn(program, args, {
    ...account,
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    detached: true,
    stdio: [guarded ? 'pipe' : 'ignore', log.fd, log.fd],
  });
  try {
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  child.once('exit', () => child.stdin?.destroy());
  child.unref();
  // Node treats the pipe as a socket, and an open socket would keep the process from ending.
  if (child.stdin instanceof Socket) child.stdin.unref();

  const deadline = Date.now() + READY_WITHIN_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const postmaster = await readPostmaster(cluster.data);
    if (postmaster?.isReady && (await isServing(postmaster.pid, cluster.data))) return postmaster;
    await delay(POLL_MS);
  }
  child.kill('SIGINT');
  return null;
}

/**
 * Returns the running server of that cluster, if any. Waits while it starts or stops, and removes
 * the file that a killed server left.
 */
export async function runningServer(cluster: Cluster): Promise<Postmaster | null> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const postmaster = await readPostmaster(cluster.data);
    if (postmaster === null) return null;
    if (!(await isServing(postmaster.pid, cluster.data))) {
      await rm(postmasterFile(cluster.data), { force: true });
      return null;
    }
    if (postmaster.isReady) return postmaster;
    await delay(POLL_MS);
  }
  throw await failure(cluster);
}

/**
 * Readable only by its owner, because it has addresses and settings. Each start of the server
 * empties it.
 */
async function openLog(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  // After `shortenLog`, appended lines start at the beginning again.
  return open(path, 'a', 0o600);
}

const LOG_BYTES_AT_MOST = 10_000_000;

/** Empties the log of a server once it is too long. Errors that persist are written to it again. */
export async function shortenLog({ log }: Pick<Cluster, 'log'>): Promise<void> {
  const size = await stat(log).then(
    (file) => file.size,
    () => 0,
  );
  if (size > LOG_BYTES_AT_MOST) await truncate(log);
}

/** Stops the server, rolling back what is open (a "fast" shutdown), and waits for its end. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const postmaster = await readPostmaster(cluster.data);
  if (postmaster === null || !(await isServing(postmaster.pid, cluster.data))) return;
  process.kill(postmaster.pid, 'SIGINT');
  const deadline = Date.now() + STOP_WITHIN_MS;
  while (Date.now() < deadline && (await readPostmaster(cluster.data)) !== null) {
    await delay(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

async function failure(cluster: Cluster): Promise<ImoError> {
  const log = await readFile(cluster.log, 'utf8').catch(() => '');
  const end = log.trim().split('\n').slice(-4).join('\n');
  return new ImoError(
    'EMBEDDED_POSTGRES_FAILED',
    `the embedded PostgreSQL in ${cluster.folder} did not start:\n${end}`,
    `Read ${cluster.log}, choose another folder with IMO_LEDGER_DATA, or set DATABASE_URL to a server of your own.`,
  );
}
