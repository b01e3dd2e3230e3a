import { makeDeferredIndexes } from '../../store/database/deferredIndexes.js';
import { type DatabaseClient, newClient } from '../../store/database/postgres.js';

/** A failure is mostly a full disk: no use to try it with every block. */
const RETRY_AFTER_MS = 600_000;

/** Says that lists do without their indexes for now. */
export function withoutIndexes(reason: string): string {
  return `indexes of lists are not created yet: ${reason}`;
}

/** Makes the indexes that a backfill does without, on a connection of its own. */
export class IndexKeeper {
  private running: Promise<void> | null = null;
  private isDone = false;
  private isStopped = false;
  private notBefore = 0;
  /** Of the session that makes them. */
  private backend: number | null = null;

  constructor(
    private readonly databaseUrl: string,
    /** Nothing is lost: lists in these orders take longer until it is tried again. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The backfill is over. */
  wake(): void {
    if (this.isDone || this.isStopped || performance.now() < this.notBefore) return;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  /** Waits until those that are being made exist, or cannot be made. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** Ends at once; the next keeper creates an unfinished index again. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.running === null) return;
    await this.terminate();
    await this.running;
  }

  private async run(): Promise<void> {
    const client = clientOf(this.databaseUrl);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      this.backend = rows[0]?.pid ?? null;
      if (!this.isStopped) this.isDone = await makeDeferredIndexes(client);
    } catch (error) {
      this.notBefore = performance.now() + RETRY_AFTER_MS;
      if (!this.isStopped) this.onFailure(error);
    } finally {
      this.backend = null;
      await client.end();
    }
  }

  private async terminate(): Promise<void> {
    if (this.backend === null) return;
    const client = clientOf(this.databaseUrl);
    try {
      await client.connect();
      await client.query('SELECT pg_terminate_backend($1)', [this.backend]);
    } catch (error) {
      // Without the server its session is over as well; the run ends with it.
      this.onFailure(error);
    } finally {
      await client.end();
    }
  }
}

function clientOf(databaseUrl: string): DatabaseClient {
  return newClient({ connectionString: databaseUrl, application_name: 'imo-ledger' });
}
