import type pg from 'pg';
import type { Logger } from 'pino';
import type { Address } from '../../../address.js';
import { type BooksChange, filtered, type LiveFilter } from './change.js';
import { DatabaseWatch } from './databaseWatch.js';
import { type EntitlementDue, type EntitlementFilter, isTouched } from './entitlementFilter.js';
import { shuttingDown, tooMany, unavailable } from './errors.js';
import { EventStream } from './eventStream.js';
import type { FeedName } from './feeds.js';
import { type ChainNews, LiveState } from './liveState.js';
import { ChangeQueue, Reminder } from './queues.js';

export interface LiveOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Subscriptions of all clients together; default: 1000. */
  readonly subscriptionsAtMost?: number;
  /** How often the hub reads the database without a notification; default: 5 s. */
  readonly heardPollMs?: number;
  /** The same where it cannot tell; default: 1 s. */
  readonly deafPollMs?: number;
  /** The status is sent at least so often; default: 15 s. */
  readonly statusEveryMs?: number;
}

/** Receives what happened. */
interface Follower {
  readonly feed: FeedName | null;
  /** The account whose entitlement it follows. */
  readonly account: Address | null;
  tell(news: ChainNews): void;
  end(): void;
}

const SUBSCRIPTIONS_AT_MOST = 1_000;
const HEARD_POLL_MS = 5_000;
const DEAF_POLL_MS = 1_000;
const STATUS_EVERY_MS = 15_000;
const FIRST_LOOK_WITHIN_MS = 5_000;

/** Tells every subscription what was committed. */
export class LiveHub {
  private readonly followers = new Set<Follower>();
  private readonly state = new LiveState();
  private watch: DatabaseWatch | null = null;
  private afterLook: (() => void)[] = [];
  private isClosed = false;

  constructor(private readonly options: LiveOptions) {}

  get subscriptions(): number {
    return this.followers.size;
  }

  /**
   * The changes of a list, beginning with an empty one for each chain: from its block on, every
   * change is sent.
   *
   * @throws ImoError `TOO_MANY_SUBSCRIPTIONS`, `DATABASE_UNAVAILABLE` or `SHUTTING_DOWN`
   */
  async followList(feed: FeedName, filter: LiveFilter): Promise<EventStream<BooksChange>> {
    const queue = new ChangeQueue();
    let isOpen = false;
    const follower: Follower = {
      feed,
      account: null,
      tell: ({ changes }) => {
        const change = changes.get(feed);
        const part = change === undefined ? null : filtered(change, filter);
        if (part === null || !isOpen) return;
        queue.put(part);
        stream.ring();
      },
      end: () => stream.end(),
    };
    const stream = new EventStream<BooksChange>(queue, () => this.leave(follower));
    await this.join(follower);
    // The search starts with the next turn of the event loop, so no change is left out.
    isOpen = true;
    for (const head of this.state.heads) {
      if (filter.chainId != null && filter.chainId !== head.chainId) continue;
      const asOf = { ...head, isNewest: true };
      queue.put({ asOf, fromBlock: head.block + 1, withdrawn: [], added: [], gap: null });
    }
    return stream;
  }

  /**
   * Says, at once and then whenever it may have changed, that an entitlement is to be read.
   *
   * @throws ImoError as `followList`
   */
  async followEntitlement(filter: EntitlementFilter): Promise<EventStream<EntitlementDue>> {
    const { account, chainId } = filter;
    const due: EntitlementDue = { held: null };
    return this.remind(due, account, (news) => {
      if (chainId != null && chainId !== news.head.chainId) return false;
      return due.held === null || news.isReorg || isTouched(news, filter, due.held);
    });
  }

  /**
   * Says at once, with every commit, and every few seconds in between, that the status is to be
   * read: it also changes by what does not happen.
   *
   * @throws ImoError as `followList`
   */
  async followStatus(chainId: number | null | undefined): Promise<EventStream<object>> {
    const everyMs = this.options.statusEveryMs ?? STATUS_EVERY_MS;
    const isMeant = ({ head }: ChainNews) => chainId == null || head.chainId === chainId;
    return this.remind({}, null, isMeant, everyMs);
  }

  /** Ends all subscriptions, as a server does that says goodbye. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const follower of [...this.followers]) follower.end();
    for (const resolve of this.afterLook.splice(0)) resolve();
    await this.watch?.close();
  }

  private async remind<Event>(
    event: Event,
    account: Address | null,
    isDue: (news: ChainNews) => boolean,
    everyMs?: number,
  ): Promise<EventStream<Event>> {
    const reminder = new Reminder(event);
    const put = () => {
      reminder.put();
      stream.ring();
    };
    const follower: Follower = {
      feed: null,
      account,
      tell: (news) => {
        if (isDue(news)) put();
      },
      end: () => stream.end(),
    };
    const timer = everyMs === undefined ? undefined : setInterval(put, everyMs);
    const stream = new EventStream<Event>(reminder, () => {
      clearInterval(timer);
      this.leave(follower);
    });
    try {
      await this.join(follower);
    } catch (error) {
      stream.end();
      throw error;
    }
    return stream;
  }

  private async join(follower: Follower): Promise<void> {
    if (this.isClosed) throw shuttingDown();
    const most = this.options.subscriptionsAtMost ?? SUBSCRIPTIONS_AT_MOST;
    if (this.followers.size >= most) throw tooMany(most);
    this.followers.add(follower);
    try {
      await this.nextLook();
    } catch (error) {
      this.followers.delete(follower);
      throw error;
    }
    if (this.isClosed) throw shuttingDown();
  }

  private leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size === 0) this.state.forget();
  }

  /** Waits for a look at the database that begins after this call. */
  private async nextLook(): Promise<void> {
    this.watch ??= new DatabaseWatch({
      databaseUrl: this.options.databaseUrl,
      logger: this.options.logger,
      heardPollMs: this.options.heardPollMs ?? HEARD_POLL_MS,
      deafPollMs: this.options.deafPollMs ?? DEAF_POLL_MS,
      look: (client) => this.look(client),
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(unavailable()), FIRST_LOOK_WITHIN_MS);
      this.afterLook.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.watch?.wake();
    });
  }

  private async look(client: pg.Client): Promise<boolean> {
    if (this.followers.size === 0) return false;
    const waiting = this.afterLook.splice(0);
    try {
      const feeds = new Set([...this.followers].flatMap(({ feed }) => feed ?? []));
      const accounts = [...new Set([...this.followers].flatMap(({ account }) => account ?? []))];
      const news = await this.state.look(client, { feeds, accounts });
      for (const chain of news) for (const follower of this.followers) follower.tell(chain);
      for (const resolve of waiting) resolve();
      return news.length > 0;
    } catch (error) {
      this.afterLook.push(...waiting);
      throw error;
    }
  }
}
