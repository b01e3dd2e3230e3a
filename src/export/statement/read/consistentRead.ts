import type { QueryConfig, QueryResultRow } from 'pg';
import { databaseFault } from '../../../store/database/databaseFault.js';
import { connectClient } from '../../../store/database/postgres.js';
import type { Queryable } from '../../../store/read/query/queryable.js';

/**
 * Reads everything from one state of the database, whatever is committed or taken back
 * meanwhile: one REPEATABLE READ transaction that cannot write. Statements that are asked at once
 * are run one after the other.
 *
 * @throws ImoError of `databaseFault` if the database fails, and whatever `read` throws
 */
export async function readConsistently<Answer>(
  databaseUrl: string,
  read: (db: Queryable) => Promise<Answer>,
): Promise<Answer> {
  const client = await connectClient({
    connectionString: databaseUrl,
    application_name: 'imo-ledger statement',
  });
  let last: Promise<unknown> = Promise.resolve();
  const db: Queryable = {
    query<Row extends QueryResultRow>(statement: QueryConfig<unknown[]>) {
      const answer = last.then(() => client.query<Row>(statement));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await read(db);
  } catch (error) {
    throw databaseFault(error) ?? error;
  } finally {
    await client.end();
  }
}
