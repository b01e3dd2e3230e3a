import { ImoError } from '../../errors.js';

/** SQLSTATE codes of temporary failures of the PostgreSQL server itself. */
const LOST = /^(08|57P0[1-5])/;
const CONFLICT = new Set(['40001', '40P01']);
const FULL = '53100';
const CROWDED = new Set(['53200', '53300']);
const READ_ONLY = '25006';

/** Codes of the operating system for a connection that broke or could not be made. */
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Messages of the driver `pg`, which has no codes for these errors. */
const DRIVER =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded when trying to connect)/;

/**
 * Codes of temporary faults: committed rows are safe, and indexing continues from the last commit.
 */
const PASSING = new Set([
  'DATABASE_LOST',
  'DATABASE_DOWN',
  'DATABASE_BUSY',
  'DATABASE_FULL',
  'DATABASE_STANDBY',
  'DATABASE_CONFLICT',
  'CITUS_NODE_BEHIND',
]);

/**
 * Translates a fault of the database. Errors in a statement are left alone.
 *
 * @returns ImoError `DATABASE_LOST`, `DATABASE_BUSY`, `DATABASE_FULL`, `DATABASE_STANDBY` or
 * `DATABASE_CONFLICT`; `null` for any other error
 */
export function databaseFault(error: unknown): ImoError | null {
  const { code, message } = describe(error);
  const fault = (name: string, what: string, hint: string) =>
    new ImoError(name, `${what}: ${message}`, hint, { cause: error });
  if (code === FULL) {
    return fault(
      'DATABASE_FULL',
      'the disk of the database is full',
      'Make room on it. Nothing is lost: indexing continues from the last commit.',
    );
  }
  if (code === READ_ONLY) {
    return fault(
      'DATABASE_STANDBY',
      'the database is read only',
      'Name the primary in DATABASE_URL (several hosts are possible: host1:5432,host2:5432), or ' +
        'promote this server; writing continues from its last commit.',
    );
  }
  if (CONFLICT.has(code)) {
    return fault(
      'DATABASE_CONFLICT',
      'the database cancelled a transaction because of another one',
      'The indexer repeats the batch from the last commit. Keep other writers out of this database.',
    );
  }
  if (CROWDED.has(code)) {
    return fault(
      'DATABASE_BUSY',
      'the database server has no free connections, memory or space for more work',
      'Raise max_connections or the memory of the server, or run fewer `serve` processes.',
    );
  }
  if (LOST.test(code) || SOCKET.has(code) || DRIVER.test(message)) {
    return fault(
      'DATABASE_LOST',
      'the connection to the database was lost',
      'Check that the server runs, then run the command again. Nothing is lost: `index` continues ' +
        'from its last commit.',
    );
  }
  return null;
}

/** Returns the error itself, or the fault of the database in words that a user can act on. */
export function namedFault(error: unknown): unknown {
  if (error instanceof ImoError) return error;
  return databaseFault(error) ?? error;
}

/**
 * Whether indexing can continue from the last commit after this error, at once or when the database
 * is back.
 */
export function isPassingDatabaseFault(error: unknown): error is Error {
  const named = namedFault(error);
  return named instanceof ImoError && PASSING.has(named.code);
}

function describe(error: unknown): { code: string; message: string } {
  // A host with several addresses fails with one error for each address and an empty message.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return { code: '', message: String(first) };
  const code = 'code' in first && typeof first.code === 'string' ? first.code : '';
  return { code, message: first.message };
}
