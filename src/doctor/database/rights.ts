import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { DatabaseSubject } from './database.js';

/** Names of tables that a finding shows. */
const SHOWN = 5;

const KINDS = {
  DATABASE_CANNOT_READ: {
    severity: 'error',
    means: 'the user of DATABASE_URL may not read all tables',
    remedy:
      'Run `imo-ledger migrate --reader-role NAME` as the owner, or use the user that owns the tables.',
  },
  DATABASE_CANNOT_WRITE: {
    severity: 'warning',
    means: 'the user of DATABASE_URL may only read, or the server is a standby',
    remedy:
      'Give `index` and `migrate` a DATABASE_URL with the user that owns the tables, on the primary; `serve` needs no more than this.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

interface Rights {
  readonly user: string;
  readonly unreadable: readonly string[];
  readonly unwritable: readonly string[];
  readonly can_create: boolean;
  readonly is_standby: boolean;
  readonly is_read_only: boolean;
}

/** What the user may do. The sessions of the doctor only read, so their own settings show nothing. */
const RIGHTS = `WITH tables AS (
    SELECT c.relname AS name,
      has_table_privilege(c.oid, 'SELECT') AS is_readable,
      pg_has_role(c.relowner, 'USAGE')
        OR (has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')
          AND has_table_privilege(c.oid, 'DELETE')) AS is_writable
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  )
  SELECT current_user AS user,
    coalesce((SELECT json_agg(name ORDER BY name) FROM tables WHERE NOT is_readable), '[]') AS unreadable,
    coalesce((SELECT json_agg(name ORDER BY name) FROM tables WHERE NOT is_writable), '[]') AS unwritable,
    has_schema_privilege('public', 'CREATE') AS can_create,
    pg_is_in_recovery() AS is_standby,
    EXISTS (SELECT FROM pg_db_role_setting s
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
        AND 'default_transaction_read_only=on' = ANY (s.setconfig)) AS is_read_only`;

/** Whether the user may do what `index`, `migrate` and `serve` do. */
export const rights: Check<DatabaseSubject> = {
  name: 'rights',
  kinds: KINDS,
  async run({ about, pool }) {
    const { rows } = await pool.query<Rights>(RIGHTS);
    return rows.flatMap((row) => {
      const { user, unreadable } = row;
      const unread = `the user ${user} may not read ${listed(unreadable)}`;
      const obstacle = writeObstacle(row);
      return [
        ...(unreadable.length === 0 ? [] : [found.DATABASE_CANNOT_READ(about, unread)]),
        // Who may not read has more to do first.
        ...(obstacle === null || unreadable.length > 0
          ? []
          : [found.DATABASE_CANNOT_WRITE(about, obstacle)]),
      ];
    });
  },
};

function writeObstacle(row: Rights): string | null {
  const { user, unwritable } = row;
  if (row.is_standby) return 'the server is a standby';
  if (row.is_read_only)
    return `sessions of the user ${user} only read (default_transaction_read_only)`;
  if (unwritable.length > 0) return `the user ${user} may not write ${listed(unwritable)}`;
  return row.can_create ? null : `the user ${user} may not create tables in the schema public`;
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more tables` : ''}`;
}
