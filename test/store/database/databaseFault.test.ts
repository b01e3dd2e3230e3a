import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { ImoError } from '../../../src/errors.js';
import {
  databaseFault,
  isPassingDatabaseFault,
  namedFault,
} from '../../../src/store/database/databaseFault.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';

/** What the server itself throws for an SQLSTATE. */
async function raised(sqlState: string): Promise<unknown> {
  const raise = `DO $$ BEGIN RAISE EXCEPTION 'told so' USING ERRCODE = '${sqlState}'; END $$`;
  return query(await freshDatabase(), raise).catch((error: unknown) => error);
}

describe('a temporary fault of the database has a code', () => {
  test.each([
    ['53100', 'DATABASE_FULL'],
    ['25006', 'DATABASE_STANDBY'],
    ['40001', 'DATABASE_CONFLICT'],
    ['40P01', 'DATABASE_CONFLICT'],
    ['53300', 'DATABASE_BUSY'],
    ['57P01', 'DATABASE_LOST'],
    ['57P03', 'DATABASE_LOST'],
    ['08006', 'DATABASE_LOST'],
  ])('SQLSTATE %s is %s', async (sqlState, code) => {
    const error = await raised(sqlState);
    expect(databaseFault(error)).toMatchObject({ code, message: expect.stringContaining('told') });
    expect(isPassingDatabaseFault(error)).toBe(true);
  });

  test('a server that does not exist is DATABASE_LOST', async () => {
    const client = new pg.Client({ connectionString: 'postgresql://127.0.0.1:1/none' });
    const error: unknown = await client.connect().catch((cause: unknown) => cause);
    expect(databaseFault(error)).toMatchObject({ code: 'DATABASE_LOST' });
  });

  test('a session that another one ends is DATABASE_LOST', async () => {
    const client = new pg.Client({ connectionString: await freshDatabase() });
    client.on('error', () => undefined);
    await client.connect();
    const ended = client.query('SELECT pg_terminate_backend(pg_backend_pid())');
    expect(databaseFault(await ended.catch((cause: unknown) => cause))).toMatchObject({
      code: 'DATABASE_LOST',
    });
    const next = client.query('SELECT 1');
    expect(databaseFault(await next.catch((cause: unknown) => cause))).toMatchObject({
      code: 'DATABASE_LOST',
    });
  });
});

describe('our own error is not a database fault', () => {
  test.each(['42P01', '23505', '22003'])('SQLSTATE %s', async (sqlState) => {
    const error = await raised(sqlState);
    expect(databaseFault(error)).toBeNull();
    expect(namedFault(error)).toBe(error);
    expect(isPassingDatabaseFault(error)).toBe(false);
  });

  test('an error that already has a code keeps it', () => {
    const error = new ImoError('CHAIN_LOCKED', 'locked', 'Stop the other one.');
    expect(namedFault(error)).toBe(error);
    expect(isPassingDatabaseFault(error)).toBe(false);
  });
});
