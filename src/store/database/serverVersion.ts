import { ImoError } from '../../errors.js';
import { MARK_SETTING, NEWER_LIMITS } from './sessionSettings.js';
import type { SqlClient } from './sqlClient.js';

/** Major versions of PostgreSQL that the tests run on. */
const OLDEST = 13;
const NEWEST = 18;

/** What a server reports about itself. */
export interface ServerVersion {
  readonly major: number;
  /** Time limits of newer servers that a role or database sets, by the name of their setting. */
  readonly limits: readonly string[];
  /** The server has read the `options` of the connection: no pooler is in between. */
  readonly isDirect: boolean;
}

const LIMITS = NEWER_LIMITS.map(({ name }) => `('${name}')`).join(', ');

/** @throws ImoError `DATABASE_VERSION_UNSUPPORTED` for a server older than 13 or newer than 18 */
export async function readSupportedVersion(
  db: SqlClient,
  database: string,
): Promise<ServerVersion> {
  const { rows } = await db.query<{ version: string; limits: string[] | null; mark: string }>(
    `SELECT current_setting('server_version_num') AS version,
       (SELECT array_agg(name) FROM (VALUES ${LIMITS}) AS known (name)
        WHERE current_setting(name, true) <> '0') AS limits,
       current_setting('${MARK_SETTING}', true) AS mark`,
  );
  const [row] = rows;
  const major = Math.floor(Number(row?.version ?? 0) / 10_000);
  if (major >= OLDEST && major <= NEWEST) {
    return { major, limits: row?.limits ?? [], isDirect: row?.mark === 'direct' };
  }
  throw new ImoError(
    'DATABASE_VERSION_UNSUPPORTED',
    `the database ${database} is PostgreSQL ${major}; supported are ${OLDEST} to ${NEWEST}`,
    'Use a server of a supported version. Without DATABASE_URL an embedded PostgreSQL is started.',
  );
}
