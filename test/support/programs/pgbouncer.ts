import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerAccount, serverAccount } from '../../../src/store/embedded/account.js';
import { temporaryFolder } from '../temporaryFolder.js';
import { run } from './debianPackage.js';
import { answers, freePort } from './freePort.js';

/** A real PgBouncer in front of a database, until `stop()`. */
export interface Pgbouncer {
  /** Of the same database in the mode. */
  url(mode: 'transaction' | 'session'): string;
  /** Ends it with all connections, and starts it again at the same place. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether PgBouncer is installed; `.ci/run` installs it. */
export function hasPgbouncer(): Promise<boolean> {
  return run('pgbouncer', ['--version']).then(
    () => true,
    () => false,
  );
}

export interface PgbouncerOptions {
  /** Otherwise it refuses connections with `options`, as by default. */
  readonly ignoresOptions: boolean;
  /** Of the server, for all clients of a mode; default: two. */
  readonly sessions?: number;
}

export async function startPgbouncer(
  databaseUrl: string,
  { ignoresOptions, sessions = 2 }: PgbouncerOptions,
): Promise<Pgbouncer> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const { hostname, port: behind, pathname, username, password } = new URL(databaseUrl);
  const target = `host=${hostname} port=${behind} dbname=${pathname.slice(1)} user=${username} password=${password}`;
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
transaction = ${target} pool_mode=transaction
session = ${target} pool_mode=session
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
max_client_conn = 200
default_pool_size = ${sessions}
server_login_retry = 1
${ignoresOptions ? 'ignore_startup_parameters = options' : ''}
`,
  );
  const account = await serverAccount();
  await chmod(folder, 0o711);
  if (account !== null) await chown(file, account.uid, account.gid);
  let child = await start(file, port, account);
  return {
    url: (mode) => `postgresql://${username}@127.0.0.1:${port}/${mode}`,
    async restart() {
      await stop(child);
      child = await start(file, port, account);
    },
    stop: () => stop(child),
  };
}

async function start(
  file: string,
  port: number,
  account: ServerAccount | null,
): Promise<ChildProcess> {
  const child = spawn('pgbouncer', ['-q', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`pgbouncer ended: ${complaints}`);
  });
  await Promise.race([failed, answers(port)]);
  failed.catch(() => undefined);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGQUIT');
  await ended;
}
