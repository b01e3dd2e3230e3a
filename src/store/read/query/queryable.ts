import type { QueryConfig, QueryResultRow } from 'pg';

/**
 * Where a read goes: a `pg` Pool, or a client inside a transaction. Reads take it as their
 * first argument and keep nothing, so whoever calls decides on connections.
 */
export interface Queryable {
  query<Row extends QueryResultRow>(
    statement: QueryConfig<unknown[]>,
  ): Promise<{ readonly rows: Row[] }>;
}
