import { migrate } from '../../../src/store/database/migrate.js';
import { grantReader } from '../../../src/store/database/readerRole.js';
import { PostgresServer } from '../../support/databases/postgresServer.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { query } from '../../support/query.js';

/** A primary and a streaming standby that take each other's places. */
export interface DatabasePair {
  /** What makes the fail-over, for the report. */
  readonly name: string;
  /** For those who write: it leads to the server that is the primary. */
  readonly writerUrl: string;
  /** The same for a pooler and for those who LISTEN, as the reader's role. */
  readonly readerUrl: string;
  /** Of each server itself, as the reader's role. */
  readonly serverUrls: readonly string[];
  /** Of the primary itself, as the owner; another one after a fail-over. */
  readonly ownerUrl: string;
  /** Runs a statement as the owner. */
  on(role: 'primary' | 'standby', statement: string): Promise<Record<string, unknown>[]>;
  /** The standby replays nothing until `resumeReplay`; a fail-over ends that. */
  pauseReplay(): Promise<void>;
  /** @throws Error if somebody else has resumed it */
  resumeReplay(): Promise<void>;
  /** In front of the servers, for everybody but this process. */
  readonly wires: readonly TcpProxy[];
  /**
   * The primary is lost with all that the standby has not got, and the standby takes its place.
   *
   * @param whileAway what comes before this process promotes the standby; who else promotes it does not wait
   * @returns a moment at which the standby had not taken it yet, as `performance.now()` has it
   */
  failOver(whileAway: () => Promise<void>): Promise<number>;
  /** A standby follows the primary again. */
  restoreStandby(): Promise<void>;
  stop(): Promise<void>;
}

const READER = 'ledger_reader';
const READER_PASSWORD = 'reader';
export const DATABASE = 'ledger';

/** The same database as the reader's role. */
export function asReader(url: string): string {
  const changed = new URL(url);
  changed.username = READER;
  changed.password = READER_PASSWORD;
  return changed.href;
}

/** Tables and the reader's role. */
export async function prepareDatabase(url: string): Promise<void> {
  await migrate(url);
  await grantReader(url, READER, READER_PASSWORD);
}

/** What a small standby needs: it cancels statements in the way of the replay at once. */
export const STANDBY_SETTINGS = { max_standby_streaming_delay: '0' } as const;

/** Two servers of this process: `pg_promote` makes the fail-over, and wires lead to the servers. */
export class PromotedPair implements DatabasePair {
  readonly name = 'pg_promote';

  private constructor(
    private primary: PostgresServer,
    private standby: PostgresServer,
    /** In front of the places of both servers, and one that leads to the primary. */
    readonly wires: readonly [TcpProxy, TcpProxy, TcpProxy],
    /** Which of the places the primary has. */
    private place: 0 | 1,
  ) {}

  static async create(): Promise<PromotedPair> {
    const primary = await PostgresServer.create({ max_connections: 100, ...STANDBY_SETTINGS });
    await prepareDatabase(await primary.createDatabase(DATABASE));
    const standby = await primary.createStandby();
    const wires = await Promise.all([
      TcpProxy.start(primary.port),
      TcpProxy.start(standby.port),
      TcpProxy.start(primary.port),
    ]);
    return new PromotedPair(primary, standby, wires, 0);
  }

  /** Both servers, as `host1:port1,host2:port2`. */
  get writerUrl(): string {
    const [first, second] = this.wires;
    const { username, password } = new URL(this.primary.url);
    return `postgresql://${username}:${password}@127.0.0.1:${first.port},127.0.0.1:${second.port}/${DATABASE}`;
  }

  get readerUrl(): string {
    const [, , leading] = this.wires;
    return asReader(leading.through(this.ofDatabase(this.primary)));
  }

  get serverUrls(): readonly string[] {
    const [first, second] = this.wires;
    const url = this.ofDatabase(this.primary);
    return [first, second].map((wire) => asReader(wire.through(url)));
  }

  get ownerUrl(): string {
    return this.ofDatabase(this.primary);
  }

  on(role: 'primary' | 'standby', statement: string): Promise<Record<string, unknown>[]> {
    return query(this.ofDatabase(role === 'primary' ? this.primary : this.standby), statement);
  }

  async pauseReplay(): Promise<void> {
    await this.on('standby', 'SELECT pg_wal_replay_pause()');
  }

  async resumeReplay(): Promise<void> {
    const [row] = await this.on('standby', 'SELECT pg_is_wal_replay_paused() AS paused');
    if (row?.paused !== true) throw new Error('somebody else has resumed the replay');
    await this.on('standby', 'SELECT pg_wal_replay_resume()');
  }

  async failOver(whileAway: () => Promise<void>): Promise<number> {
    const lost = this.primary;
    await lost.kill('SIGKILL');
    await whileAway();
    const promotedAfter = performance.now();
    await this.standby.promote();
    this.primary = this.standby;
    this.place = this.place === 0 ? 1 : 0;
    this.wires[2].leadTo(this.primary.port);
    await lost.remove();
    return promotedAfter;
  }

  async restoreStandby(): Promise<void> {
    this.standby = await this.primary.createStandby();
    this.wires[this.place === 0 ? 1 : 0].leadTo(this.standby.port);
  }

  async stop(): Promise<void> {
    for (const wire of this.wires) await wire.stop();
    const servers = new Set([this.primary, this.standby]);
    for (const server of servers) await server.remove();
  }

  private ofDatabase({ url }: PostgresServer): string {
    const changed = new URL(url);
    changed.pathname = `/${DATABASE}`;
    return changed.href;
  }
}
