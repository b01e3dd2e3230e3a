import type { QueryConfig, QueryResultRow } from 'pg';

/**
 * The connection of a read: a `pg` Pool, or a client inside a transaction. Reads take it as their
 * first argument and keep no reference, so the caller decides on connections.
 */
export interface Queryable {
  query<Row extends QueryResultRow>(
    statement: QueryConfig<unknown[]>,
  ): Promise<{ readonly rows: Row[] }>;
}
