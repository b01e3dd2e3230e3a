import { afterAll } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import type { Books } from '../store/read/books.js';
import { openScenario } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { startTestApi } from './support.js';

/** A server of the API over the books of the scenario, until the tests of the file are over. */
export async function serveScenario(): Promise<{ api: RunningApi; books: Books }> {
  const url = await freshDatabase();
  const books = await openScenario(url);
  const api = await startTestApi(url);
  afterAll(async () => {
    await api.close();
    await books.close();
  });
  return { api, books };
}
