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
  idle_session_timeout: '0',
};

/** Settings that only PostgreSQL 17 and newer have. Older servers reject unknown settings. */
export const WITHOUT_TRANSACTION_TIMEOUT = '-c transaction_timeout=0';

/**
 * Returns our settings as `options` of a connection. They override those of the database and the
 * role; settings in `given` override ours.
 */
export function withPinned(given: string): string {
  const pinned = Object.entries(PINNED).map(([name, value]) => `-c ${name}=${escaped(value)}`);
  return [...pinned, given].join(' ').trim();
}

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
