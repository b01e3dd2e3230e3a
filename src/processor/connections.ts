import pg from 'pg';
import { ImoError } from '../errors.js';
import type { LedgerConnections } from './ledgerDatabase.js';

/** First key of the advisory lock that keeps a chain to one processor. */
const PROCESSOR_LOCK = 7641;

export interface OpenConnections extends LedgerConnections {
  readonly writer: pg.Client;
  /** Runs `work` in a transaction that no other chain's processor can interleave. */
  exclusively<T>(work: (db: pg.Client) => Promise<T>): Promise<T>;
  /** The same on a connection of its own, whatever the writer is doing. */
  apart<T>(work: (db: pg.Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens the processor's two connections and makes it the only one for its chain.
 *
 * @throws ImoError `CHAIN_LOCKED` if another processor indexes the chain into the database.
 */
export async function openConnections(url: string, chainId: number): Promise<OpenConnections> {
  const writer = new pg.Client({ connectionString: url, application_name: 'imo-ledger' });
  const reader = new pg.Client({ connectionString: url, application_name: 'imo-ledger' });
  // A lost connection is met by the next query; the event alone must not end the process.
  for (const client of [writer, reader]) client.on('error', () => undefined);
  await Promise.all([writer.connect(), reader.connect()]);
  const close = async () => {
    await Promise.all([writer.end(), reader.end()]);
  };
  const { rows } = await writer.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1, $2) AS locked',
    [PROCESSOR_LOCK, chainId],
  );
  if (rows[0]?.locked !== true) {
    await close();
    throw new ImoError(
      'CHAIN_LOCKED',
      `another processor is indexing chain ${chainId} into this database`,
      'Stop the other one first, or use another database.',
    );
  }
  return {
    writer,
    reader,
    exclusively: (work) => lockingNumbers(writer, work),
    async apart(work) {
      const client = new pg.Client({ connectionString: url, application_name: 'imo-ledger' });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return await lockingNumbers(client, work);
      } finally {
        await client.end();
      }
    },
    close,
  };
}

/** Runs `work` in a transaction while nobody else can give a number to anything. */
async function lockingNumbers<T>(
  client: pg.Client,
  work: (db: pg.Client) => Promise<T>,
): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query('LOCK TABLE token IN EXCLUSIVE MODE');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
