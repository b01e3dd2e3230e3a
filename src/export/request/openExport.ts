import type { Readable } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { findServer } from '../../store/database/connect.js';
import { connectClient } from '../../store/database/postgres.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { copyText } from './copyText.js';
import { type ExportPlan, planExport } from './plan.js';
import type { ExportRequest } from './request.js';

export interface OpenOptions {
  /** With several hosts if the database may move. A role that may only SELECT is enough. */
  readonly databaseUrl: string;
  /** How long the rows may take, the time included in which nobody fetches them. */
  readonly withinMs: number;
}

/** An export whose rows are on their way. */
export interface OpenExport extends ExportPlan {
  /** CSV or JSON lines, as fast as they are read; CSV without names for Parquet. */
  readonly rows: Readable;
  /** Rows so far known: right once `rows` has ended. */
  rowCount(): number;
  /** Gives the connection back; what still runs in the database is cancelled. */
  close(): Promise<void>;
}

/**
 * Sorting a million rows needs memory in the server. An export reads everything: joining by one
 * index probe for each row, which is chosen where literals are hard to estimate, takes four times
 * as long. A reader that went away is noticed even while no row is ready yet.
 */
const SESSION = `SET work_mem = '64MB'; SET jit = off; SET enable_nestloop = off; SET timezone = 'UTC';
  SET client_connection_check_interval = '2s'; SET extra_float_digits = 1;
  SET statement_timeout = '30s'`;
const CONNECT_WITHIN_MS = 5_000;

/**
 * Plans an export and starts its COPY, both in one REPEATABLE READ transaction on a connection of
 * its own: all rows and all that is said about them hold at the same instant.
 *
 * @throws what `planExport` and `findServer` throw
 */
export async function openExport(
  request: ExportRequest,
  { databaseUrl, withinMs }: OpenOptions,
): Promise<OpenExport> {
  const url = await findServer(databaseUrl, { writes: false });
  const client = await connect(url);
  try {
    await client.query(SESSION);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const plan = await planExport(oneByOne(client), request);
    await client.query(`SET LOCAL statement_timeout = ${Math.ceil(withinMs)}`);
    const rows = client.query(copyTo(copyText(plan)));
    // The reader gets the error; after that the server may still report the cancellation.
    rows.on('error', () => undefined);
    let isRunning = true;
    rows.once('close', () => {
      isRunning = !rows.readableEnded;
    });
    return {
      ...plan,
      rows,
      rowCount: () => rows.rowCount,
      async close() {
        if (isRunning) await cancel(url, client);
        else await client.end();
      },
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

function connect(url: string): Promise<pg.Client> {
  return connectClient({
    connectionString: url,
    application_name: 'imo-ledger export',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  });
}

/** The protocol cannot end a half-read COPY: another connection cancels it. */
async function cancel(url: string, client: pg.Client): Promise<void> {
  const { processID } = client as pg.Client & { readonly processID: number | null };
  const other = await connect(url);
  try {
    await other.query('SELECT pg_cancel_backend($1)', [processID]);
  } finally {
    await other.end();
    client.connection.stream.destroy();
  }
}

/** Concurrent reads wait for each other: they share a connection. */
function oneByOne(client: pg.Client): Queryable {
  let last: Promise<unknown> = Promise.resolve();
  return {
    query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig<unknown[]>) {
      const answer = last.then(() => client.query<Row>(statement));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}
