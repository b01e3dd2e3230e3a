import { query } from './postgres.js';

/** A deferred index that does not exist, or was left half made. */
export interface UnfinishedIndex {
  readonly name: string;
  readonly exists: boolean;
}

/** The indexes that lists do without for now, by name. */
export function unfinishedIndexes(databaseUrl: string): Promise<UnfinishedIndex[]> {
  return query<UnfinishedIndex>(
    databaseUrl,
    `SELECT d.name, i.indexrelid IS NOT NULL AS exists FROM deferred_index d
     LEFT JOIN pg_index i ON i.indexrelid = to_regclass(d.name)
     WHERE i.indisvalid IS NOT TRUE ORDER BY d.name`,
  );
}
