import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { query } from '../query.js';
import { TEMPLATE_DATABASE, withDatabase } from './templateDatabase.js';

export { query };

/** URL of the one server that all test files share. */
export function serverUrl(): string {
  return inject('postgresUrl');
}

/** URL of a new database with the current schema and no rows. */
export function freshDatabase(): Promise<string> {
  return createDatabase(` TEMPLATE ${TEMPLATE_DATABASE} STRATEGY file_copy`);
}

/** URL of a new database without any table. */
export function emptyDatabase(): Promise<string> {
  return createDatabase('');
}

async function createDatabase(options: string): Promise<string> {
  const server = serverUrl();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server, `CREATE DATABASE ${name}${options}`);
  return withDatabase(server, name);
}
