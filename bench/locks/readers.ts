import { connectClient } from '../../src/store/database/postgres.js';

/** Sessions that read tables all the time. */
export interface Readers {
  /** The longest time in which a reader got an answer since the last call, in milliseconds, and how many answers there were. */
  take(): { readonly longestMs: number; readonly answers: number };
  stop(): Promise<void>;
}

/** Starts a session for each table. */
export async function startReaders(url: string, tables: readonly string[]): Promise<Readers> {
  const stopping = new AbortController();
  const waits: number[] = [];
  /** When the statements that run now began. */
  const running = new Map<string, number>();
  const read = async (table: string) => {
    const db = await connectClient({ connectionString: url, application_name: 'reader' });
    while (!stopping.signal.aborted) {
      running.set(table, performance.now());
      await db.query(`SELECT * FROM ${table} WHERE token_number = 7 LIMIT 1`);
      waits.push(performance.now() - (running.get(table) ?? 0));
      running.delete(table);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await db.end();
  };
  const all = tables.map(read);
  return {
    take() {
      const open = [...running.values()].map((startedAt) => performance.now() - startedAt);
      const taken = waits.splice(0);
      const longest = [...taken, ...open].reduce((most, wait) => Math.max(most, wait), 0);
      return { longestMs: Math.round(longest), answers: taken.length };
    },
    async stop() {
      stopping.abort();
      await Promise.all(all);
    },
  };
}
