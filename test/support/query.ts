import pg from 'pg';
// Reads numbers of the database as the program does, for every client of this process.
import '../../src/store/database/postgres.js';

/** So long a connection waits for the next statement: less than PostgreSQL waits for it to copy or drop its database. */
const IDLE_MS = 1_000;
/** Connections that wait, by URL, and what ends their wait. */
const waiting = new Map<string, { readonly client: pg.Client; readonly timer: NodeJS.Timeout }>();

/**
 * Runs one statement on a connection that nothing else uses meanwhile. A new one takes the server more time
 * than most statements.
 */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const kept = take(url);
  if (kept !== null) {
    try {
      return await run<Row>(url, kept, text, values);
    } catch (error) {
      // The server may have ended that session.
      if (error instanceof pg.DatabaseError && !error.code?.startsWith('57P')) throw error;
    }
  }
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => forget(url, client));
  await client.connect();
  return run(url, client, text, values);
}

async function run<Row extends pg.QueryResultRow>(
  url: string,
  client: pg.Client,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    const { rows } = await client.query<Row>(text, [...values]);
    keep(url, client);
    return rows;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

function take(url: string): pg.Client | null {
  const kept = waiting.get(url);
  if (kept === undefined) return null;
  clearTimeout(kept.timer);
  waiting.delete(url);
  return kept.client;
}

function keep(url: string, client: pg.Client): void {
  if (waiting.has(url)) return void client.end().catch(() => undefined);
  waiting.set(url, { client, timer: setTimeout(() => forget(url, client), IDLE_MS) });
}

function forget(url: string, client: pg.Client): void {
  if (waiting.get(url)?.client === client) take(url);
  void client.end().catch(() => undefined);
}
