import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, cp, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type ServerAccount, serverAccount } from '../../../src/store/embedded/account.js';
import { findBinaries, type PostgresBinaries } from '../../../src/store/embedded/binaries.js';
import {
  type Cluster,
  makePrivateFolder,
  openCluster,
  removeCluster,
} from '../../../src/store/embedded/cluster.js';
import { initialise, ROLE } from '../../../src/store/embedded/initialise.js';
import { isProcessAlive } from '../../../src/store/embedded/lock.js';
import { readPostmaster } from '../../../src/store/embedded/postmaster.js';
import {
  type ServerSettings,
  startServer,
  stopServer,
} from '../../../src/store/embedded/server.js';
import { query } from '../query.js';

/** Ends the server when our end of its standard input is closed, in whatever way we died. */
const WATCHDOG = 'cat >/dev/null; pid=$(head -n 1 "$1/postmaster.pid") && kill -QUIT "$pid"';

/**
 * What `initdb` makes, by its program: it takes a second of CPU, and servers of one process begin with copies. A
 * server starts with the data of its own version only.
 */
const initialised = new Map<string, Promise<Cluster>>();

async function initialisedData(): Promise<Cluster> {
  const account = await serverAccount();
  const binaries = await findBinaries(account);
  const known = initialised.get(binaries.initdb);
  if (known !== undefined) return known;
  const making = makeData(binaries, account);
  initialised.set(binaries.initdb, making);
  return making;
}

async function makeData(
  binaries: PostgresBinaries,
  account: ServerAccount | null,
): Promise<Cluster> {
  const cluster = await openCluster(await newFolder(), account);
  process.once('exit', () => {
    for (const place of new Set([dirname(cluster.data), cluster.folder])) {
      rmSync(place, { recursive: true, force: true });
    }
  });
  await initialise(cluster, binaries, account, { sync: false });
  return cluster;
}

/** A PostgreSQL server that can be broken and started again on the same data and port. */
export class PostgresServer {
  private constructor(
    private readonly cluster: Cluster,
    private readonly binaries: PostgresBinaries,
    private readonly account: ServerAccount | null,
    private readonly settings: ServerSettings,
    private readonly watchdog: { end(): void },
    readonly port: number,
    /** Of the data that it began with. */
    private readonly password: string,
  ) {}

  /** A new server with an empty database. Nothing of it survives this process. */
  static async create(settings: ServerSettings = {}): Promise<PostgresServer> {
    const { data, password } = await initialisedData();
    const made = await PostgresServer.prepare(settings, password, async (created) => {
      await makePrivateFolder(created.cluster.data, created.account);
      await promisify(execFile)('cp', ['-a', `${data}/.`, created.cluster.data]);
    });
    await made.start();
    await made.query(`CREATE DATABASE ${ROLE}`, 'postgres');
    return made;
  }

  private static async prepare(
    settings: ServerSettings,
    password: string,
    fill: (server: PostgresServer) => Promise<void>,
  ): Promise<PostgresServer> {
    const account = await serverAccount();
    const cluster = await openCluster(await newFolder(), account);
    const binaries = await findBinaries(account);
    const port = await restingPort();
    const guard = spawn('/bin/sh', ['-c', WATCHDOG, 'postgres-watchdog', cluster.data], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    guard.unref();
    const fixed = { ...settings, port, wal_level: 'replica' };
    const end = () => guard.stdin.destroy();
    const server = new PostgresServer(cluster, binaries, account, fixed, { end }, port, password);
    await fill(server);
    return server;
  }

  /** With the password in it. */
  get url(): string {
    return this.urlOf(ROLE);
  }

  async start(): Promise<void> {
    const { cluster, binaries, account, settings } = this;
    await startServer(cluster, binaries, account, { guarded: false, settings });
  }

  /** SIGKILL: as if the machine failed; SIGQUIT: an immediate stop; SIGINT: a restart in order. */
  async kill(signal: 'SIGKILL' | 'SIGQUIT' | 'SIGINT'): Promise<void> {
    const postmaster = await readPostmaster(this.cluster.data);
    if (postmaster === null) return;
    process.kill(postmaster.pid, signal);
    while (isProcessAlive(postmaster.pid)) await delay(10);
  }

  /** Of its first process. @throws Error if the server does not run */
  async processId(): Promise<number> {
    const postmaster = await readPostmaster(this.cluster.data);
    if (postmaster === null) throw new Error('the server does not run');
    return postmaster.pid;
  }

  /** A streaming replica of this server, without another program than the server itself. */
  async createStandby(): Promise<PostgresServer> {
    const standby = await PostgresServer.prepare(this.settings, this.password, (created) =>
      this.copyTo(created),
    );
    await standby.start();
    return standby;
  }

  private async copyTo({ cluster, account }: PostgresServer): Promise<void> {
    await makePrivateFolder(cluster.data, account);
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query("SELECT pg_backup_start('standby', true)");
      await cp(this.cluster.data, cluster.data, {
        recursive: true,
        filter: (path) => !path.endsWith('postmaster.pid'),
      });
      const { rows } = await client.query<{ labelfile: string }>(
        'SELECT labelfile FROM pg_backup_stop(false)',
      );
      await writeFile(join(cluster.data, 'backup_label'), rows[0]?.labelfile ?? '');
    } finally {
      await client.end();
    }
    await writeFile(join(cluster.data, 'standby.signal'), '');
    const from = `host=127.0.0.1 port=${this.port} user=${ROLE} password=${this.password}`;
    await writeFile(
      join(cluster.data, 'postgresql.auto.conf'),
      `primary_conninfo = '${from}'\nprimary_slot_name = ''\n`,
    );
    if (account !== null) {
      const chown = spawn('chown', ['-R', `${account.uid}:${account.gid}`, cluster.data]);
      await once(chown, 'exit');
    }
  }

  /** Waits until a standby has replayed all that its primary has written. */
  async caughtUpWith(primary: PostgresServer): Promise<void> {
    const [written] = await primary.query<{ at: string }>('SELECT pg_current_wal_lsn() AS at');
    for (;;) {
      const [replayed] = await this.query<{ done: boolean }>(
        `SELECT pg_last_wal_replay_lsn() >= '${written?.at}'::pg_lsn AS done`,
      );
      if (replayed?.done === true) return;
      await delay(10);
    }
  }

  /** Makes a standby the primary. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote(true, 30)');
  }

  /** @returns the URL of a new, empty database */
  async createDatabase(name: string): Promise<string> {
    await this.query(`CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  query<Row extends pg.QueryResultRow>(text: string, database: string = ROLE): Promise<Row[]> {
    return query<Row>(this.urlOf(database), text);
  }

  async remove(): Promise<void> {
    await stopServer(this.cluster);
    this.watchdog.end();
    await removeCluster(this.cluster);
  }

  private urlOf(database: string): string {
    return `postgresql://${ROLE}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }
}

/** The account of the server must be able to pass through. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-server-'));
  await chmod(folder, 0o711);
  return folder;
}

/** Systems give higher ports to programs that ask for any port, even while the server is stopped. */
const PORTS_BELOW = 32_000;
const PORTS_FROM = 20_000;

/** A port that nobody takes by chance while the server is not running. */
export async function restingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS_FROM, PORTS_BELOW);
    const probe = createServer();
    const isFree = new Promise<boolean>((resolve) => {
      probe.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    probe.listen(port, '127.0.0.1');
    if (!(await isFree)) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
