import { ImoError } from '../../errors.js';
import { namedFault } from './databaseFault.js';
import { type DatabaseClient, DatabaseError, newClient } from './postgres.js';

const ROLE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Creates a role that may only read the tables of the ledger, including those of later versions.
 * Its sessions start read only and with a time limit. Running it again changes only the password.
 *
 * @param password `null` sets none; a new role then cannot log in with a password
 * @throws ImoError `READER_ROLE_INVALID`, `READER_ROLE_REFUSED` and those of `databaseFault`
 */
export async function grantReader(
  url: string,
  role: string,
  password: string | null,
): Promise<void> {
  if (!ROLE_NAME.test(role)) {
    throw new ImoError(
      'READER_ROLE_INVALID',
      `"${role}" is not a valid role name`,
      'Use lower case letters, digits and _, e.g. --reader-role ledger_reader.',
    );
  }
  const client = newClient({ connectionString: url });
  try {
    await client.connect();
    await client.query('BEGIN');
    const isThere = await exists(client, role);
    const made = [
      ...roleStatements(client, role, password, isThere),
      ...(await ourSchemas(client)).flatMap((schema) => rightsStatements(schema, role)),
    ];
    for (const statement of made) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    const isRefused = error instanceof DatabaseError && error.code === '42501';
    if (!isRefused) throw namedFault(error);
    throw new ImoError(
      'READER_ROLE_REFUSED',
      `the role ${role} cannot be made: ${error.message}`,
      'Name a user in DATABASE_URL that owns the tables and may create roles.',
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

async function exists(client: DatabaseClient, role: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  return rowCount !== 0;
}

/** Every schema with a ledger in it, and the one of this session, quoted. */
async function ourSchemas(client: DatabaseClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT current_schema() AS name WHERE current_schema() IS NOT NULL
     UNION SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'chain_cursor' AND c.relkind IN ('r', 'p') ORDER BY name`,
  );
  return rows.map(({ name }) => client.escapeIdentifier(name));
}

/** The name is checked; the password is quoted. */
function roleStatements(
  client: DatabaseClient,
  role: string,
  password: string | null,
  isThere: boolean,
): string[] {
  const login = password === null ? '' : ` PASSWORD ${client.escapeLiteral(password)}`;
  const rights = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION${login}`;
  return [
    `${isThere ? 'ALTER' : 'CREATE'} ROLE ${role} ${rights}`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on`,
    `ALTER ROLE ${role} SET statement_timeout = '30s'`,
    `ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '60s'`,
  ];
}

function rightsStatements(schema: string, role: string): string[] {
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${role}`,
    `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${role}`,
  ];
}
