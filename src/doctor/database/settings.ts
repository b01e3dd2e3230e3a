import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { DatabaseSubject } from './database.js';

/** `index` and `serve` take up to 10 and a few each. */
const CONNECTIONS_AT_LEAST = 25;

const KINDS = {
  DATABASE_UNSAFE: {
    severity: 'error',
    means: 'a setting lets the server lose or accept damaged data',
    remedy:
      'Set it back to its default in postgresql.conf, reload the server, and run `imo-ledger audit`.',
  },
  DATABASE_SETTING: {
    severity: 'warning',
    means: 'a setting makes the server slow or full after some time',
    remedy: 'Change the setting in postgresql.conf, then reload or restart the server.',
  },
  DATABASE_ENCODING: {
    severity: 'error',
    means: 'the encoding of the database is not UTF8',
    remedy: 'Index into a database with `ENCODING UTF8`: names and prompts have any characters.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

interface Rule {
  readonly name: string;
  readonly kind: keyof typeof KINDS;
  isFine(value: string): boolean;
  /** What follows from the value. */
  readonly why: string;
}

/**
 * Settings that matter whatever a session sets. Of the others, each session of this program sets its
 * own (docs/storage.md); `synchronous_commit` may be off, because rows and cursor are one commit.
 */
const RULES: readonly Rule[] = [
  {
    name: 'fsync',
    kind: 'DATABASE_UNSAFE',
    isFine: (value) => value === 'on',
    why: 'a power cut can destroy the database',
  },
  {
    name: 'full_page_writes',
    kind: 'DATABASE_UNSAFE',
    isFine: (value) => value === 'on',
    why: 'a power cut can leave pages half written',
  },
  {
    name: 'zero_damaged_pages',
    kind: 'DATABASE_UNSAFE',
    isFine: (value) => value === 'off',
    why: 'the server replaces damaged rows by nothing',
  },
  {
    name: 'ignore_checksum_failure',
    kind: 'DATABASE_UNSAFE',
    isFine: (value) => value === 'off',
    why: 'the server reads damaged pages as if they were right',
  },
  {
    name: 'autovacuum',
    kind: 'DATABASE_SETTING',
    isFine: (value) => value === 'on',
    why: 'tables of current state grow without end, and plans use old statistics',
  },
  {
    name: 'track_counts',
    kind: 'DATABASE_SETTING',
    isFine: (value) => value === 'on',
    why: 'autovacuum does nothing without it',
  },
  {
    name: 'max_connections',
    kind: 'DATABASE_SETTING',
    isFine: (value) => Number(value) >= CONNECTIONS_AT_LEAST,
    why: `index and serve together may need ${CONNECTIONS_AT_LEAST}`,
  },
  {
    name: 'server_encoding',
    kind: 'DATABASE_ENCODING',
    isFine: (value) => value === 'UTF8',
    why: 'it cannot store all names and prompts',
  },
];

/** Whether the server keeps what it has committed, and stays fast. */
export const settings: Check<DatabaseSubject> = {
  name: 'settings',
  kinds: KINDS,
  async run({ about, pool }) {
    const { rows } = await pool.query<{ name: string; setting: string }>(
      'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
      [RULES.map(({ name }) => name)],
    );
    const values = new Map(rows.map(({ name, setting }) => [name, setting]));
    return RULES.flatMap(({ name, kind, isFine, why }) => {
      const value = values.get(name);
      if (value === undefined || isFine(value)) return [];
      return [found[kind](about, `${name} is ${value}: ${why}`)];
    });
  },
};
