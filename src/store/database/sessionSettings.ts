/**
 * Settings of every session that we open. A database or a role may set others (`ALTER ROLE … SET`),
 * which would change how values are written and read, or end statements.
 */
const PINNED: Readonly<Record<string, string>> = {
  DateStyle: 'ISO,MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  search_path: 'public',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  // A Citus cluster writes all shards of a node over one connection, so that later statements of the transaction
  // see the rows. Other servers keep the value, and nothing reads it.
  'citus.multi_shard_modify_mode': 'sequential',
};

/**
 * Time limits that only newer servers have, with the SQLSTATE of a session that they end: idle
 * sessions since PostgreSQL 14, transactions since 17. Older servers reject unknown settings, so a
 * limit is lifted only where the server has set one.
 */
export const NEWER_LIMITS = [
  { name: 'idle_session_timeout', sqlState: '57P05' },
  { name: 'transaction_timeout', sqlState: '25P04' },
] as const;

/**
 * Reaches only sessions whose `options` the server has read. A connection pooler refuses or ignores
 * `options`.
 */
export const MARK_SETTING = 'imo_ledger.session';
const MARK = `-c ${MARK_SETTING}=direct`;

/**
 * Lets the server notice, while a statement runs, that its client is gone. PostgreSQL 13 and
 * servers on Windows cannot look.
 *
 * @param scope of the transaction only, or of the session
 */
export function noticeLostClients(interval: string, scope: 'transaction' | 'session'): string {
  return `SELECT set_config('client_connection_check_interval', '${interval}', ${scope === 'transaction'})
    WHERE current_setting('client_connection_check_interval', true) IS NOT NULL
      AND version() !~ 'Visual C|mingw'`;
}

/**
 * Returns our settings as `options` of a connection. They override those of the database and the
 * role; settings in `given` override ours.
 */
export function withPinned(given: string): string {
  const pinned = Object.entries(PINNED).map(([name, value]) => `-c ${name}=${escaped(value)}`);
  return [MARK, ...pinned, given].join(' ').trim();
}

/** The settings that `options` of a connection name: `-c name=value`, the last of a name counts. */
export function settingsOf(options: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [, name = '', value = ''] of options.matchAll(SETTING)) {
    if (name !== MARK_SETTING) settings.set(name, value.replace(/\\(.)/g, '$1'));
  }
  return settings;
}

const SETTING = /(?:-c\s*|--)([\w.]+)=((?:\\.|[^\\\s])*)/g;

/** Adds settings to those of a URL. */
export function addOptions(url: string, options: string): string {
  const changed = new URL(url);
  const given = changed.searchParams.get('options') ?? '';
  changed.searchParams.set('options', `${given} ${options}`.trim());
  return changed.href;
}

/** In `options`, spaces separate. */
function escaped(value: string): string {
  return value.replace(/[\\ ]/g, '\\$&');
}
