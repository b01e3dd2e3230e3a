import type pg from 'pg';
import { ImoError } from '../../errors.js';
import { describeDatabase } from '../../store/database/connect.js';
import { newPool } from '../../store/database/postgres.js';
import { addOptions } from '../../store/database/sessionSettings.js';
import type { OpenDatabase } from '../../store/embedded/embedded.js';
import { type OpenDatabaseOptions, openDatabase } from '../../store/openDatabase.js';
import { failureText } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';

/** Whatever a check asks, the server does not write, and gives up soon. */
const READ_ONLY = '-c default_transaction_read_only=on -c statement_timeout=10000';
const CONNECTIONS = 6;

/** A database that answers. */
export interface DatabaseSubject {
  /** Host, port and name, without user and password. */
  readonly about: string;
  /** Of sessions that only read. With the password in it: never print it. */
  readonly url: string;
  readonly pool: pg.Pool;
  /** Fewer free bytes on its disk are a finding. */
  readonly freeBytesAtLeast: number;
  now(): number;
}

export const DATABASE_KINDS = {
  DATABASE_MISSING: {
    severity: 'error',
    means: 'there is no database yet',
    remedy:
      'Set DATABASE_URL or IMO_LEDGER_DATA to the database, or run `imo-ledger index` to make one.',
  },
  DATABASE_UNUSABLE: {
    severity: 'error',
    means: 'the database does not answer, or refuses the connection',
    remedy: 'Start the server, or correct DATABASE_URL.',
  },
  DATABASE_VERSION: {
    severity: 'error',
    means: 'the PostgreSQL server is older than 15 or newer than 18',
    remedy: 'Move the database to a server of a supported version.',
  },
} as const satisfies FindingKinds;

const found = makersOf(DATABASE_KINDS);

/** What else than `DATABASE_UNUSABLE` an error of `openDatabase` means. */
const BY_ERROR = new Map([
  ['DATABASE_NOT_FOUND', found.DATABASE_MISSING],
  ['DATABASE_VERSION_UNSUPPORTED', found.DATABASE_VERSION],
]);

interface OpenedDatabase {
  readonly findings: readonly Finding[];
  readonly subject: DatabaseSubject | null;
  close(): Promise<void>;
}

/** Opens the database of a config file for reading, and makes none. */
export async function openForReading(
  place: Pick<OpenDatabaseOptions, 'env' | 'config' | 'onNote'>,
  options: Pick<DatabaseSubject, 'freeBytesAtLeast' | 'now'>,
): Promise<OpenedDatabase> {
  try {
    const database = await openDatabase(place);
    return { findings: [], ...subjectOf(database, options) };
  } catch (error) {
    const code = error instanceof ImoError ? error.code : '';
    const hint = error instanceof ImoError ? error.hint : undefined;
    const make = BY_ERROR.get(code) ?? found.DATABASE_UNUSABLE;
    const findings = [make('database', failureText(error), hint)];
    return { findings, subject: null, close: async () => undefined };
  }
}

function subjectOf(
  database: OpenDatabase,
  options: Pick<DatabaseSubject, 'freeBytesAtLeast' | 'now'>,
) {
  const url = addOptions(database.url, READ_ONLY);
  const pool = newPool({ connectionString: url, max: CONNECTIONS });
  return {
    subject: { about: describeDatabase(url), url, pool, ...options },
    async close() {
      await pool.end();
      await database.close();
    },
  };
}
