import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../support/postgres.js';
import { loggerInto, startTestApi } from './support.js';

/** The answer to `/ready`, `/metrics`, … of a server over the database. */
async function get(databaseUrl: string, path: string, init: RequestInit = {}): Promise<Response> {
  const api = await startTestApi(databaseUrl, { logger: loggerInto([]) });
  onTestFinished(() => api.close());
  return fetch(api.url.replace('/graphql', path), init);
}

test('a database without a block is not ready', async () => {
  const answer = await get(await freshDatabase(), '/ready');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    ready: false,
    reasons: ['nothing is indexed'],
    chains: [],
  });
});

test('a database that does not answer is told without its address', async () => {
  for (const path of ['/ready', '/metrics']) {
    const answer = await get('postgresql://user:s3cret@127.0.0.1:1/books', path);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      ready: false,
      reasons: ['the database does not answer'],
      chains: [],
    });
  }
});

test('/metrics speaks the text format of Prometheus', async () => {
  const answer = await get(await freshDatabase(), '/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  expect(text).toContain('# TYPE imo_ledger_audit_mismatches gauge\n');
  expect(text).toContain('imo_ledger_ready 0\n');
});

test('both are for reading only', async () => {
  const answer = await get(await freshDatabase(), '/ready', { method: 'POST' });
  expect(answer.status).toBe(405);
});
