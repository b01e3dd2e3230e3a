import { holdersText, readLockWaits } from '../../store/database/lockWaits.js';
import { connectClient, type DatabaseClient } from '../../store/database/postgres.js';

/** A statement that takes longer may wait for a lock of another session. */
const LOCK_WAIT_SECONDS = 10;

export interface LockWatchOptions {
  /** Of the database. */
  readonly url: string;
  /** The connections of the run. */
  readonly clients: readonly DatabaseClient[];
  readonly onWarning: (line: string) => void;
  /** How long a statement takes before the server is asked about it, and how often; default: 10 s. */
  readonly seconds?: number;
}

/**
 * Says who holds a lock that the run waits for. As long as the statements of the run are short, it asks the
 * server nothing.
 */
export class LockWatch {
  private readonly busySince: BusySince[];
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();
  /** Who held the lock when it was said last. */
  private said = '';

  constructor(private readonly options: LockWatchOptions) {
    this.busySince = options.clients.map(watched);
    this.timer = setInterval(() => this.tick(), 1_000 * this.seconds).unref();
  }

  /** Ends the watch. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private get seconds(): number {
    return this.options.seconds ?? LOCK_WAIT_SECONDS;
  }

  private tick(): void {
    const before = performance.now() - 1_000 * this.seconds;
    const isLong = this.busySince.some((since) => (since() ?? Number.POSITIVE_INFINITY) <= before);
    if (!isLong && this.said === '') return;
    // A server that does not answer is reported by the run itself.
    this.looking = this.looking.then(() => this.look()).catch(() => undefined);
  }

  private async look(): Promise<void> {
    const { url, onWarning } = this.options;
    const db = await connectClient({ connectionString: url, application_name: 'imo-ledger' });
    try {
      const pids = this.options.clients.map(({ processId }) => processId);
      const [wait] = await readLockWaits(db, { seconds: this.seconds, pids });
      const holders = wait === undefined ? '' : holdersText(wait);
      if (holders === this.said) return;
      this.said = holders;
      onWarning(
        wait === undefined
          ? 'the lock of the database is free; indexing continues'
          : `indexing has waited ${wait.seconds} s for a lock of the database: ${holders} holds it; indexing ` +
              'continues when that transaction ends',
      );
    } finally {
      await db.end();
    }
  }
}

type BusySince = () => number | null;

/** A connection is used by one run after the other. */
const known = new WeakMap<DatabaseClient, BusySince>();

/** @returns since when a client works without a pause; `null`: it does not */
function watched(client: DatabaseClient): BusySince {
  const before = known.get(client);
  if (before !== undefined) return before;
  let since: number | null = null;
  client.on('drain', () => {
    since = null;
  });
  const send = client.query.bind(client);
  client.query = ((...statement: Parameters<typeof send>) => {
    since ??= performance.now();
    return send(...statement);
  }) as typeof client.query;
  const busySince = () => since;
  known.set(client, busySince);
  return busySince;
}
