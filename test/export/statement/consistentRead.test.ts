import { expect, test } from 'vitest';
import { readConsistently } from '../../../src/export/statement/read/consistentRead.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';

test('a connection that breaks between two reads fails what is read, and nothing else', async () => {
  const databaseUrl = await freshDatabase();
  const reading = readConsistently(databaseUrl, async (db) => {
    const { rows } = await db.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
    await query(databaseUrl, `SELECT pg_terminate_backend(${rows[0]?.pid}, 5000)`);
    // The connection hears of it between two reads.
    await new Promise((resolve) => setImmediate(resolve));
    return db.query({ text: 'SELECT 1' });
  });
  await expect(reading).rejects.toMatchObject({
    code: expect.stringMatching(/^DATABASE_/),
    hint: expect.stringMatching(/./),
  });
});
