import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../../projectRoot.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { DatabaseSubject } from './database.js';

const FOLDER = join(PROJECT_ROOT, 'db', 'migrations');
const STATEMENT =
  /\b(CREATE (?:UNIQUE )?|DROP )INDEX (?:CONCURRENTLY )?(?:IF (?:NOT )?EXISTS )?"?(\w+)"?(?:\s+ON\s+(?:ONLY\s+)?"?(\w+)"?)?|\bDROP TABLE (?:IF EXISTS )?"?(\w+)"?/gi;

const KINDS = {
  DATABASE_INDEX_MISSING: {
    severity: 'warning',
    means: 'an index of the tables is missing, or was left half made',
    remedy:
      'Create the index again as its migration in db/migrations does: without it, lists become slow.',
  },
  DATABASE_INDEX_PENDING: {
    severity: 'note',
    means: 'an index that `index` makes after the backfill is not there yet',
    remedy:
      'Nothing has to change: `imo-ledger index` makes the index when it has caught up with the chain, or is at --to-block.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the indexes that migrations made are there. */
export const indexes: Check<DatabaseSubject> = {
  name: 'indexes',
  kinds: KINDS,
  async run({ about, pool }) {
    const { rows } = await pool.query<{ name: string; table: string; is_valid: boolean }>(
      `SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table,
         i.indisvalid AS is_valid
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE c.relnamespace = 'public'::regnamespace`,
    );
    const { rows: tables } = await pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
    );
    const there = new Set(tables.map(({ name }) => name));
    const deferred = there.has('deferred_index')
      ? (await pool.query<{ name: string }>('SELECT name FROM deferred_index ORDER BY name')).rows
      : [];
    const valid = new Set(rows.filter((row) => row.is_valid).map(({ name }) => name));
    const later = new Set(deferred.map(({ name }) => name));
    // One that `index` makes is not valid while it is being made.
    const broken = rows
      .filter((row) => !row.is_valid && !later.has(row.name))
      .map(({ name }) => name);
    // Tables that are missing are those of pending migrations.
    const expected = [...(await indexesOfMigrations())].filter(([, table]) => there.has(table));
    const missing = expected
      .map(([name]) => name)
      .filter((name) => !valid.has(name) && !later.has(name) && !broken.includes(name));
    return [
      ...missing.map((name) => found.DATABASE_INDEX_MISSING(about, `${name} is missing`)),
      ...broken.map((name) => found.DATABASE_INDEX_MISSING(about, `${name} is not valid`)),
      ...[...later]
        .filter((name) => !valid.has(name))
        .map((name) => found.DATABASE_INDEX_PENDING(about, `${name} is not made yet`)),
    ];
  },
};

/** The indexes with names that all migrations together make, by their tables. */
export async function indexesOfMigrations(): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.js')).toSorted();
  for (const file of files) {
    const module: Record<string, unknown> = await import(pathToFileURL(join(FOLDER, file)).href);
    for (const migration of Object.values(module)) await replay(migration, made);
  }
  return made;
}

/** Follows what a migration says, without a database. */
async function replay(migration: unknown, made: Map<string, string>): Promise<void> {
  if (typeof migration !== 'function') return;
  const { up }: { up?: unknown } = migration.prototype;
  if (typeof up !== 'function') return;
  const query = async (text: string) => {
    for (const [, verb, name = '', table = '', dropped] of text.matchAll(STATEMENT)) {
      if (verb === undefined) dropIndexesOf(made, dropped);
      else if (/^drop/i.test(verb)) made.delete(name);
      else made.set(name, table);
    }
    return [];
  };
  await Reflect.apply(up, Reflect.construct(migration, []), [{ query }]);
}

function dropIndexesOf(made: Map<string, string>, table: string | undefined): void {
  for (const [name, of] of made) if (of === table) made.delete(name);
}
