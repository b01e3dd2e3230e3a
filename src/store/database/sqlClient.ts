import type { ClientBase, Pool } from 'pg';

/** Anything that answers SQL: a pool, or a client inside a transaction. */
export type SqlClient = Pick<ClientBase | Pool, 'query'>;
