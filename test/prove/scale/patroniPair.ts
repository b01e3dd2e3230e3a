import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServerAccount, serverAccount } from '../../../src/store/embedded/account.js';
import { restingPort } from '../../support/databases/postgresServer.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { run } from '../../support/programs/debianPackage.js';
import { answers, freePort } from '../../support/programs/freePort.js';
import { query } from '../../support/query.js';
import {
  asReader,
  DATABASE,
  type DatabasePair,
  prepareDatabase,
  STANDBY_SETTINGS,
} from './databasePair.js';

/** What has to be there, with an argument with which it ends at once. */
const PROGRAMS = [
  ['patroni', '--version'],
  ['etcd', '--version'],
  ['haproxy', '-v'],
] as const;
/** Where Debian has PostgreSQL 15, which its Patroni knows. */
const BINARIES = '/usr/lib/postgresql/15/bin';
const OWNER = 'postgres';
const NAMES = ['a', 'b'] as const;
/** Patroni gives up a primary after so many seconds. */
const TTL = 5;
const WITHIN_MS = 60_000;
const POLL_MS = 100;

/** The names of what is missing for a fail-over by Patroni. */
export async function missingForPatroni(): Promise<string[]> {
  const asked = [...PROGRAMS, [`${BINARIES}/postgres`, '--version'] as const];
  const found = await Promise.all(
    asked.map(([program, probe]) =>
      run(program, [probe]).then(
        () => null,
        () => program,
      ),
    ),
  );
  return found.filter((name) => name !== null);
}

interface Member {
  readonly name: (typeof NAMES)[number];
  readonly port: number;
  readonly restPort: number;
  readonly wire: TcpProxy;
}

/**
 * Two servers that Patroni looks after, with the lock of the primary in etcd. HAProxy leads to the primary and ends
 * sessions with a server that is none any more. A fail-over is theirs: this process only kills.
 */
export class PatroniPair implements DatabasePair {
  readonly name = 'Patroni, etcd and HAProxy';
  private readonly agents = new Map<string, ChildProcess>();
  private readonly others: ChildProcess[] = [];
  private proxyPort = 0;
  private leading: TcpProxy | null = null;
  private primary: Member;
  /** The process of the standby that replays, while it is stopped. */
  private stopped: number | null = null;

  private constructor(
    private readonly folder: string,
    private readonly account: ServerAccount | null,
    private readonly members: readonly [Member, Member],
  ) {
    [this.primary] = members;
  }

  static async create(): Promise<PatroniPair> {
    const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-patroni-'));
    await chmod(folder, 0o711);
    const account = await serverAccount();
    const pair = new PatroniPair(folder, account, [await memberOf('a'), await memberOf('b')]);
    try {
      await pair.start();
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  get writerUrl(): string {
    return this.through(OWNER);
  }

  get readerUrl(): string {
    return asReader(this.through(OWNER));
  }

  get serverUrls(): readonly string[] {
    return this.members.map(({ wire }) => asReader(urlAt(wire.port)));
  }

  get ownerUrl(): string {
    return urlAt(this.primary.port);
  }

  get wires(): readonly TcpProxy[] {
    const wires = this.members.map(({ wire }) => wire);
    return this.leading === null ? wires : [...wires, this.leading];
  }

  on(role: 'primary' | 'standby', statement: string): Promise<Record<string, unknown>[]> {
    return query(urlAt(role === 'primary' ? this.primary.port : this.standby.port), statement);
  }

  /** Stops the process that replays: Patroni resumes a replay that was paused with `pg_wal_replay_pause`. */
  async pauseReplay(): Promise<void> {
    const [row] = await this.on(
      'standby',
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'",
    );
    this.stopped = Number(row?.pid);
    process.kill(this.stopped, 'SIGSTOP');
  }

  async resumeReplay(): Promise<void> {
    this.continueReplay();
  }

  private continueReplay(): void {
    if (this.stopped !== null) process.kill(this.stopped, 'SIGCONT');
    this.stopped = null;
  }

  /** The machine of the primary is lost: its agent and its server at once. */
  async failOver(): Promise<number> {
    const { primary, standby } = this;
    const data = join(this.folder, primary.name, 'data');
    const [pid = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
    const agent = this.agents.get(primary.name);
    agent?.kill('SIGKILL');
    process.kill(Number(pid), 'SIGKILL');
    // Otherwise Patroni could not promote it.
    this.continueReplay();
    let promotedAfter = performance.now();
    const isPromoted = async () => {
      const at = performance.now();
      if (await this.isPrimary(standby)) return true;
      promotedAfter = at;
      return false;
    };
    await until(isPromoted, 'the standby is not promoted');
    this.primary = standby;
    return promotedAfter;
  }

  /** The lost machine is there again, with the data that it had. */
  async restoreStandby(): Promise<void> {
    const { standby } = this;
    this.startAgent(standby);
    await until(() => this.isFollowing(), 'the lost server does not follow');
  }

  async stop(): Promise<void> {
    this.continueReplay();
    for (const agent of this.agents.values()) await ended(agent, 'SIGTERM');
    for (const other of this.others.toReversed()) await ended(other, 'SIGKILL');
    for (const wire of this.wires) await wire.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private get standby(): Member {
    const [first, second] = this.members;
    return this.primary === first ? second : first;
  }

  private through(user: string): string {
    return urlAt(this.leading?.port ?? this.proxyPort, user);
  }

  private async start(): Promise<void> {
    const [first, second] = this.members;
    const etcd = await this.startEtcd();
    for (const member of this.members) await this.writeMember(member, etcd);
    this.startAgent(first);
    await until(() => this.isPrimary(first), 'the first server does not start');
    this.startAgent(second);
    await this.startHaproxy();
    this.leading = await TcpProxy.start(this.proxyPort);
    await query(urlAt(first.port, OWNER, 'postgres'), `CREATE DATABASE ${DATABASE}`);
    await prepareDatabase(urlAt(first.port));
    await until(() => this.isFollowing(), 'the second server does not follow');
  }

  private async startEtcd(): Promise<string> {
    const [port, peerPort] = [await freePort(), await freePort()];
    const [clients, peers] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
    this.others.push(
      spawn(
        'etcd',
        [
          ...['--name', 'one', '--data-dir', join(this.folder, 'etcd'), '--log-level', 'error'],
          ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
          ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers],
          ...['--initial-cluster', `one=${peers}`],
        ],
        { stdio: 'ignore' },
      ),
    );
    await answers(port);
    return `127.0.0.1:${port}`;
  }

  private async writeMember({ name, port, restPort }: Member, etcd: string): Promise<void> {
    const { folder, account } = this;
    const own = join(folder, name);
    const user = (username: string) => ({ username, password: 'secret' });
    // JSON is YAML.
    const config = {
      scope: 'ledger',
      name,
      restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
      etcd3: { host: etcd },
      bootstrap: {
        dcs: {
          ttl: TTL,
          loop_wait: 1,
          retry_timeout: 2,
          postgresql: {
            use_pg_rewind: true,
            parameters: { wal_level: 'replica', hot_standby: 'on', max_connections: 100 },
          },
        },
        initdb: [{ encoding: 'UTF8' }, 'data-checksums'],
        pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', REPLICATION],
      },
      postgresql: {
        listen: `127.0.0.1:${port}`,
        connect_address: `127.0.0.1:${port}`,
        data_dir: join(own, 'data'),
        bin_dir: BINARIES,
        pgpass: join(own, 'pgpass'),
        basebackup: [{ checkpoint: 'fast' }],
        authentication: {
          superuser: user(OWNER),
          replication: user('replicator'),
          rewind: user('rewinder'),
        },
        parameters: { unix_socket_directories: own, ...STANDBY_SETTINGS },
      },
    };
    await mkdir(own, { mode: 0o700 });
    const file = join(own, 'patroni.yml');
    await writeFile(file, JSON.stringify(config, null, 2));
    if (account === null) return;
    for (const path of [own, file]) await chown(path, account.uid, account.gid);
  }

  private startAgent({ name }: Member): void {
    const { account, folder } = this;
    const agent = spawn('patroni', [join(folder, name, 'patroni.yml')], {
      stdio: 'ignore',
      cwd: folder,
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
    });
    this.agents.set(name, agent);
  }

  private async startHaproxy(): Promise<void> {
    this.proxyPort = await freePort();
    const servers = this.members.map(
      ({ name, port, restPort }) => `  server ${name} 127.0.0.1:${port} check port ${restPort}`,
    );
    const file = join(this.folder, 'haproxy.cfg');
    await writeFile(
      file,
      `defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
listen primary
  bind 127.0.0.1:${this.proxyPort}
  option httpchk OPTIONS /primary
  default-server inter 300ms fall 2 rise 1 on-marked-down shutdown-sessions
${servers.join('\n')}
`,
    );
    this.others.push(spawn('haproxy', ['-f', file], { stdio: 'ignore' }));
    await answers(this.proxyPort);
  }

  private async isPrimary({ port }: Member): Promise<boolean> {
    const url = urlAt(port, OWNER, 'postgres');
    const [row] = await query<{ primary: boolean }>(
      url,
      'SELECT NOT pg_is_in_recovery() AS primary',
    ).catch(() => []);
    return row?.primary === true;
  }

  private async isFollowing(): Promise<boolean> {
    const rows = await this.on(
      'primary',
      "SELECT FROM pg_stat_replication WHERE state = 'streaming'",
    ).catch(() => []);
    return rows.length > 0;
  }
}

const REPLICATION = 'host replication all 127.0.0.1/32 trust';

async function memberOf(name: Member['name']): Promise<Member> {
  const port = await restingPort();
  return { name, port, restPort: await freePort(), wire: await TcpProxy.start(port) };
}

function urlAt(port: number, user = OWNER, database = DATABASE): string {
  return `postgresql://${user}@127.0.0.1:${port}/${database}`;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill(signal);
  await end;
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await delay(POLL_MS);
  }
}
