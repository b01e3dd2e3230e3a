import { ImoError } from '../../errors.js';
import type { SqlClient } from './sqlClient.js';

/** Major versions of PostgreSQL that the tests run on. */
const OLDEST = 15;
const NEWEST = 18;

/** What a server reports about itself. */
export interface ServerVersion {
  readonly major: number;
  /**
   * A role or database sets a time limit for transactions, which PostgreSQL 17 and newer support.
   */
  readonly limitsTransactions: boolean;
}

/** @throws ImoError `DATABASE_VERSION_UNSUPPORTED` for a server older than 15 or newer than 18 */
export async function readSupportedVersion(
  db: SqlClient,
  database: string,
): Promise<ServerVersion> {
  const { rows } = await db.query<{ version: string; timeout: string | null }>(
    `SELECT current_setting('server_version_num') AS version,
       current_setting('transaction_timeout', true) AS timeout`,
  );
  const [row] = rows;
  const major = Math.floor(Number(row?.version ?? 0) / 10_000);
  if (major >= OLDEST && major <= NEWEST) {
    return { major, limitsTransactions: (row?.timeout ?? '0') !== '0' };
  }
  throw new ImoError(
    'DATABASE_VERSION_UNSUPPORTED',
    `the database ${database} is PostgreSQL ${major}; supported are ${OLDEST} to ${NEWEST}`,
    'Use a server of a supported version. Without DATABASE_URL an embedded PostgreSQL is started.',
  );
}
