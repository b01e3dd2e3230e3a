import type { Readable } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { findServer } from '../../store/database/connect.js';
import { connectClient, requestCancel } from '../../store/database/postgres.js';
import { noticeLostClients } from '../../store/database/sessionSettings.js';
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
const SETTINGS = `SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_nestloop = off;
  SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = '30s';
  ${noticeLostClients('2s', 'transaction')}`;
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
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(SETTINGS);
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
        if (isRunning) cancel(client);
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

/** A half-read COPY ends only when it is cancelled. Our server process is not the pooler's: its key names it. */
function cancel(client: pg.Client): void {
  requestCancel(client);
  client.connection.stream.destroy();
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
