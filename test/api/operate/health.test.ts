import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../../support/databases/postgres.js';
import { loggerInto, operatorsPage, startTestApi } from '../support.js';

async function serverOver(databaseUrl: string) {
  const api = await startTestApi(databaseUrl, { logger: loggerInto([]) });
  onTestFinished(() => api.close());
  return api;
}

/** What operators get at `/ready`, `/metrics`, … of a server over the database. */
async function get(databaseUrl: string, path: string, init: RequestInit = {}): Promise<Response> {
  const api = await serverOver(databaseUrl);
  return fetch(`${api.operatorsUrl}${path}`, init);
}

test('clients see whether a server is ready, but not why', async () => {
  const api = await serverOver(await freshDatabase());
  const page = (path: string) => fetch(api.url.replace('/graphql', path));
  const answer = await page('/ready');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ ready: false });
  expect((await page('/health')).status).toBe(200);
  expect((await page('/metrics')).status).toBe(404);
});

test('the operator port serves its own pages and no others', async () => {
  const api = await serverOver(await freshDatabase());
  expect((await operatorsPage(api, '/health')).status).toBe(200);
  expect((await operatorsPage(api, '/graphql')).status).toBe(404);
  const none = await startTestApi(await freshDatabase(), { operators: null });
  onTestFinished(() => none.close());
  expect(none.operatorsUrl).toBeNull();
});

test('a database without a block is not ready', async () => {
  const answer = await get(await freshDatabase(), '/ready');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    ready: false,
    reasons: ['nothing is indexed'],
    chains: [],
  });
});

test('the error about a database that does not answer hides its address', async () => {
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
