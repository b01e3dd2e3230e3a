import type pg from 'pg';
import type { Logger } from 'pino';
import { isPooled } from '../../../store/database/pooler.js';
import { DatabaseError, newClient } from '../../../store/database/postgres.js';
import { serversOf } from '../../../store/database/servers.js';
import { COMMIT_CHANNEL } from '../../../store/write/commitNotice.js';
import { readOnlyUrl } from '../../reads/pool.js';

const CONNECT_WITHIN_MS = 5_000;
/** More than the server gives a statement. */
const ANSWER_WITHIN_MS = 15_000;
const RECONNECT_AFTER_MS = [100, 500, 1_000, 2_000, 5_000];
/** Commits that polling found without a notification, until the watch stops waiting for any. */
const UNHEARD_AT_MOST = 3;

export interface WatchOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** How often to look without a notification: if notifications arrive, and if they do not. */
  readonly heardPollMs: number;
  readonly deafPollMs: number;
  /**
   * Looks for what was committed, on the connection of the watch; one at a time.
   *
   * @returns whether there was something new
   */
  readonly look: (client: pg.Client) => Promise<boolean>;
}

/**
 * Looks into the database whenever something was committed. PostgreSQL tells (LISTEN) on a
 * connection of our own; and since telling can fail (a standby takes no LISTEN, PgBouncer in
 * transaction mode loses what it tells, connections break), it looks by the clock as well.
 */
export class DatabaseWatch {
  private client: pg.Client | null = null;
  private isClosed = false;
  private isLooking = false;
  private isDue = false;
  private unheard = 0;
  private isDeaf = false;
  private timer: NodeJS.Timeout | undefined;
  private stopWaiting: () => void = () => undefined;
  /** Takes the connection for lost. */
  private giveUp: () => void = () => undefined;
  private readonly servers: readonly string[];
  private readonly running: Promise<void>;

  constructor(private readonly options: WatchOptions) {
    this.servers = serversOf(options.databaseUrl).map(readOnlyUrl);
    this.running = this.keepConnected();
  }

  /** Looks now, or as soon as there is a connection. */
  wake(): void {
    this.isDue = true;
    if (!this.isLooking) void this.lookWhileDue();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.stopWaiting();
    await this.running;
  }

  private async keepConnected(): Promise<void> {
    for (let attempt = 0; !this.isClosed; attempt += 1) {
      const server = this.servers[attempt % this.servers.length] ?? '';
      const isConnected = await this.serve(server);
      if (isConnected) attempt = -1;
      const pause = RECONNECT_AFTER_MS[Math.max(0, attempt)] ?? RECONNECT_AFTER_MS.at(-1);
      if (!this.isClosed) await this.wait(pause);
    }
  }

  /** Works with one connection until it breaks. @returns whether it came about at all */
  private async serve(server: string): Promise<boolean> {
    const client = newClient({
      connectionString: server,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      application_name: 'imo-ledger api live',
    });
    let reason = 'it was closed';
    const lost = new Promise<void>((resolve) => {
      this.giveUp = resolve;
      client.once('end', resolve);
      client.on('error', (error: Error) => {
        reason = error.message;
        resolve();
      });
    });
    client.on('notification', () => {
      this.unheard = 0;
      this.wake();
    });
    try {
      await client.connect();
      await this.listen(client, server);
    } catch (error) {
      this.warn('live: the database does not answer', error);
      await client.end().catch(() => undefined);
      return false;
    }
    this.client = client;
    this.wake();
    await Promise.race([lost, this.wait(null)]);
    this.client = null;
    if (!this.isClosed) {
      this.options.logger.warn({ reason }, 'live: the connection was lost; reconnecting');
    }
    await client.end().catch(() => undefined);
    return true;
  }

  private async listen(client: pg.Client, server: string): Promise<void> {
    this.unheard = 0;
    this.isDeaf = false;
    if (isPooled(server)) {
      this.goDeaf(
        'a connection pooler loses notifications: name the server in LISTEN_DATABASE_URL',
      );
      return;
    }
    try {
      await client.query(`LISTEN ${COMMIT_CHANNEL}`);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      this.goDeaf(`the database takes no LISTEN (${error.message}): a standby takes none`);
    }
  }

  private goDeaf(reason: string): void {
    this.isDeaf = true;
    const everyMs = this.options.deafPollMs;
    this.options.logger.warn({ reason, everyMs }, 'live: looking for commits by the clock');
  }

  private async lookWhileDue(isByClock = false): Promise<void> {
    this.isLooking = true;
    clearTimeout(this.timer);
    for (let byClock = isByClock; this.isDue && this.client !== null; byClock = false) {
      this.isDue = false;
      const isNew = await this.look(this.client);
      if (byClock && isNew) this.missed();
    }
    this.isLooking = false;
    if (this.isClosed) return;
    const { deafPollMs, heardPollMs } = this.options;
    const onTime = () => {
      this.isDue = true;
      void this.lookWhileDue(true);
    };
    this.timer = setTimeout(onTime, this.isDeaf ? deafPollMs : heardPollMs);
    this.timer.unref();
  }

  private async look(client: pg.Client): Promise<boolean> {
    try {
      return await this.options.look(client);
    } catch (error) {
      this.warn('live: committed rows could not be read', error);
      // It is tried again by the clock: on a new connection, unless it is the statement.
      if (!(error instanceof DatabaseError)) this.giveUp();
      return false;
    }
  }

  /** What the clock finds although we listen was lost on its way, or is about to arrive. */
  private missed(): void {
    this.unheard += 1;
    if (this.isDeaf || this.unheard < UNHEARD_AT_MOST) return;
    this.goDeaf('notifications do not come through: PgBouncer in transaction mode loses them');
  }

  private warn(message: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (!this.isClosed) this.options.logger.warn({ reason }, message);
  }

  /** @param ms `null`: until `close` */
  private wait(ms: number | null | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms == null ? undefined : setTimeout(resolve, ms);
      timer?.unref();
      this.stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
