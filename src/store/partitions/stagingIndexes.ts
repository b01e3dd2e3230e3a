import type { DatabaseClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { quoted } from './addPartition.js';
import { stopIfAsked } from './copyToStaging.js';
import { readPartitions } from './partitions.js';
import { type Rebuild, stagingOf } from './rebuild.js';

/** An index of the source, and its name in the staging table until the swap. */
export interface SourceIndex {
  readonly name: string;
  readonly staged: string;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  /** What follows the name of the table: `USING btree (…) WHERE …`. */
  readonly using: string;
}

const DEFINITION = /^CREATE (?:UNIQUE )?INDEX .+? ON (?:ONLY )?\S+ (USING .*)$/s;

/** The indexes of a table that work, the primary key first. */
async function readIndexes(db: SqlClient, source: string, staging: string): Promise<SourceIndex[]> {
  const { rows } = await db.query<{
    name: string;
    is_primary: boolean;
    is_unique: boolean;
    definition: string;
  }>(
    `SELECT c.relname AS name, i.indisprimary AS is_primary, i.indisunique AS is_unique,
       pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = to_regclass($1) AND i.indisvalid ORDER BY NOT i.indisprimary, c.relname`,
    [source],
  );
  return rows.map(({ name, is_primary, is_unique, definition }, place) => ({
    name,
    staged: `${staging}_i${place}`,
    isPrimary: is_primary,
    isUnique: is_unique,
    using: DEFINITION.exec(definition)?.[1] ?? '',
  }));
}

/**
 * Makes the indexes of the source on each partition of the staging table, one after the other, and
 * then those of the staging table itself, which take them over. What an interrupted run has made stays.
 */
export async function makeStagingIndexes(
  db: DatabaseClient,
  job: Rebuild,
  { signal, onIndexes }: { signal: AbortSignal; onIndexes: (done: number, of: number) => void },
): Promise<SourceIndex[]> {
  const staging = stagingOf(job.table);
  const indexes = await readIndexes(db, job.source, staging);
  const partitions = await readPartitions(db, staging);
  let done = 0;
  for (const { name } of partitions) {
    for (const [place, index] of indexes.entries()) {
      stopIfAsked(signal, job);
      await makeIndex(db, index, name, `${name}_i${place}`);
      onIndexes(++done, partitions.length * indexes.length);
    }
  }
  for (const index of indexes) await makeIndex(db, index, staging, index.staged);
  return indexes;
}

async function makeIndex(
  db: DatabaseClient,
  { isPrimary, isUnique, using }: SourceIndex,
  table: string,
  name: string,
): Promise<void> {
  const { rows } = await db.query<{ is_made: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS is_made',
    [name],
  );
  if (rows[0]?.is_made === true) return;
  const columns = using.replace(/^USING btree /, '');
  await db.query(
    isPrimary
      ? `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} PRIMARY KEY ${columns}`
      : `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${table} ${using}`,
  );
}
