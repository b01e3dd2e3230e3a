import { setTimeout as delay } from 'node:timers/promises';
import { type DatabaseClient, newClient } from '../../store/database/postgres.js';
import { cleanLeavingBooks } from '../../store/leaving/cleanBooks.js';

/** The head of the chain comes first: pieces take at most a quarter of the time. */
const PAUSE_PER_WORK = 3;
const SHORTEST_PAUSE_MS = 20;
/** Nothing is wrong in books that nobody reads: a failed piece waits. */
const RETRY_AFTER_MS = 60_000;
/** Nobody waits for it, and a commit comes every second on some chains. */
const LOOK_EVERY_MS = 5_000;
/** A chain may have no new block for long, and `forget` may be interrupted meanwhile. */
const LOOK_AGAIN_AFTER_MS = 60_000;

/** Deletes the rows of books that nobody reads any more, on a connection of its own, piece by piece. */
export class BooksCleaner {
  private running: Promise<void> | null = null;
  private notBefore = 0;
  private again: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly databaseUrl: string,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The head is followed: looks now, and again after a while even if no block comes. */
  wake(): void {
    if (this.stopping.signal.aborted) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.wake(), LOOK_AGAIN_AFTER_MS);
    this.again.unref();
    if (performance.now() < this.notBefore) return;
    this.notBefore = performance.now() + LOOK_EVERY_MS;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  /** Ends after the piece that is being deleted; the next cleaner deletes the rest. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.again);
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const client = clientOf(this.databaseUrl);
    try {
      await client.connect();
      for await (const { tookMs } of cleanLeavingBooks(client)) {
        if (signal.aborted) return;
        const pauseMs = Math.max(SHORTEST_PAUSE_MS, PAUSE_PER_WORK * tookMs);
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    } catch (error) {
      this.notBefore = performance.now() + RETRY_AFTER_MS;
      if (!signal.aborted) this.onFailure(error);
    } finally {
      await client.end();
    }
  }
}

function clientOf(databaseUrl: string): DatabaseClient {
  return newClient({ connectionString: databaseUrl, application_name: 'imo-ledger cleaner' });
}
