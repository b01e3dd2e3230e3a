import type { FoundServer } from '../../store/database/connect.js';
import type { DatabaseClient } from '../../store/database/postgres.js';
import {
  connectTo,
  type DatabaseUrl,
  type OpenConnections,
  openDatabaseNow,
} from './connections.js';

/**
 * The database of a run, wherever it is at the moment. What a run asks before and after an attempt goes over the
 * connection that the attempt reads with: opening one takes the server longer than most answers.
 */
export class RunDatabase {
  /** Works, and nothing uses it. */
  private spare: FoundServer | null = null;
  /** Listens no longer for the end of the spare connection. */
  private unwatch: () => void = () => undefined;

  constructor(private readonly databaseUrl: DatabaseUrl) {}

  /**
   * Connects for an attempt, with the lock of the chain.
   *
   * @throws what `openConnections` throws
   */
  async connect(chainId: number): Promise<OpenConnections> {
    return connectTo(await this.take(), chainId);
  }

  /** Ends the connections of an attempt that ended well, except for the one that the next question uses. */
  async takeBack(connections: OpenConnections): Promise<void> {
    await this.keep(await connections.release());
  }

  /** Reads something, without the lock of the chain. */
  async ask<T>(read: (db: DatabaseClient) => Promise<T>): Promise<T> {
    const found = await this.take();
    try {
      const answer = await read(found.client);
      await this.keep(found);
      return answer;
    } catch (error) {
      await end(found);
      throw error;
    }
  }

  async close(): Promise<void> {
    const { spare } = this;
    this.spare = null;
    if (spare !== null) await end(spare);
  }

  private async take(): Promise<FoundServer> {
    const { spare } = this;
    this.spare = null;
    this.unwatch();
    return spare ?? openDatabaseNow(this.databaseUrl);
  }

  private async keep(found: FoundServer): Promise<void> {
    await this.close();
    this.spare = found;
    const forget = () => {
      if (this.spare === found) this.spare = null;
    };
    found.client.once('end', forget);
    this.unwatch = () => found.client.off('end', forget);
  }
}

async function end({ client }: FoundServer): Promise<void> {
  await client.end().catch(() => undefined);
}
