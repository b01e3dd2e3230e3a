import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { TEMPLATE_DATABASE, withDatabase } from './globalSetup.js';
import { query } from './query.js';

export { query };

/** URL of a new database with the current schema and no rows. */
export function freshDatabase(): Promise<string> {
  return createDatabase(` TEMPLATE ${TEMPLATE_DATABASE} STRATEGY file_copy`);
}

/** URL of a new database without any table. */
export function emptyDatabase(): Promise<string> {
  return createDatabase('');
}

async function createDatabase(options: string): Promise<string> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(serverUrl, `CREATE DATABASE ${name}${options}`);
  return withDatabase(serverUrl, name);
}
