import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import type { Books } from '../../store/read/books.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { type Nginx, startNginx } from '../../support/programs/nginx.js';
import { startTestApi } from '../support.js';

const BASE = '/ledger';

let books: Books;
let api: RunningApi;
/** Between nginx and the server: counts connections. */
let between: TcpProxy;
let nginx: Nginx;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  const serving = servingField('.').parse({
    basePath: BASE,
    trustedProxies: ['loopback'],
    rateLimit: { requests: 100, perSeconds: 600 },
  });
  api = await startTestApi(url, { serving });
  between = await TcpProxy.start(api.port);
  const forwarded = 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;';
  // The configuration of the page, with the port of this server.
  const [, page = ''] =
    /```nginx\n([\s\S]*?)```/.exec(readFileSync('docs/serving.md', 'utf8')) ?? [];
  const [upstream = '', ...locations] = page.replace('4350', String(api.port)).split('\n');
  nginx = await startNginx(
    `
    ${locations.join('\n')}
    location /stripped/ { proxy_pass http://127.0.0.1:${api.port}/; ${forwarded} }
    location /kept/ {
      proxy_pass http://kept/; ${forwarded}
      proxy_http_version 1.1; proxy_set_header Connection "";
    }
    location = /socket {
      proxy_pass http://127.0.0.1:${api.port}${BASE}/graphql; ${forwarded}
      proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
    }`,
    `${upstream} upstream kept { server 127.0.0.1:${between.port}; keepalive 1; }`,
  );
});
afterAll(async () => {
  await nginx?.stop();
  await between?.stop();
  await api?.close();
  await books?.close();
});

function post(path: string, query: string, headers: Record<string, string> = {}) {
  return fetch(`${nginx.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

test('events and heartbeats come through a default nginx at once', async () => {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const path = `${BASE}/graphql?query=${encodeURIComponent('subscription { status { chainId } }')}`;
  const response = await fetch(`${nginx.url}${path}`, {
    headers: { accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  // A first byte, the event, and a sign of life while nothing happens.
  while (!/event: next\n.*\n\n:\n\n/s.test(text)) text += (await reader?.read())?.value ?? '';
  expect(text).toContain('"chainId"');
  await reader?.cancel().catch(() => undefined);
});

test('a WebSocket goes through', async () => {
  const socket = new WebSocket(`${nginx.url.replace('http', 'ws')}/socket`, 'graphql-transport-ws');
  const acknowledged = new Promise((resolve, reject) => {
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.once('message', (data) => resolve(JSON.parse(String(data))));
    socket.once('error', reject);
  });
  expect(await acknowledged).toEqual({ type: 'connection_ack' });
  socket.terminate();
});

test('everything is found below a path, whether the proxy leaves it in the URL or not', async () => {
  for (const path of [BASE, '/stripped']) {
    const answer = await post(`${path}/graphql`, '{ __typename }');
    expect([path, await answer.json()]).toEqual([path, { data: { __typename: 'Query' } }]);
    const rest = await fetch(`${nginx.url}${path}/v1/openapi.json`);
    expect([path, rest.status]).toEqual([path, 200]);
    const root = await (await fetch(`${nginx.url}${path}/`)).text();
    const [asset = ''] = /[^"]+\/assets\/[^"]+\.js/.exec(root) ?? [];
    expect([path, asset]).toEqual([path, expect.stringMatching(`^${BASE}/assets/`)]);
    expect([path, (await fetch(`${nginx.url}${asset}`)).status]).toEqual([path, 200]);
  }
  const page = await fetch(`${nginx.url}${BASE}/graphql`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain(`"${BASE}/graphql"`);
  expect(api.url).toContain(`${BASE}/graphql`);
});

test('connections between nginx and the server are used again', async () => {
  for (let round = 0; round < 5; round++) {
    const answer = await post('/kept/graphql', '{ __typename }');
    expect(answer.status).toBe(200);
    await answer.text();
  }
  expect(between.connections).toBe(1);
});

test('answers over 1 KB are packed, smaller ones are not', async () => {
  const large = '{ __schema { types { name description } } }';
  const packed = await post(`${BASE}/graphql`, large);
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(packed.headers.get('vary')).toContain('Accept-Encoding');
  const whole = await post(`${BASE}/graphql`, large, { 'accept-encoding': 'identity' });
  expect(whole.headers.get('content-encoding')).toBeNull();
  expect(await whole.text()).toBe(await packed.text());
  const byGet = await fetch(`${nginx.url}${BASE}/graphql?query=${encodeURIComponent(large)}`);
  expect(byGet.headers.get('content-encoding')).toBe('gzip');
  const rest = await fetch(`${nginx.url}${BASE}/v1/openapi.json`);
  expect(rest.headers.get('content-encoding')).toBe('gzip');
  const small = await post(`${BASE}/graphql`, '{ __typename }');
  expect(small.headers.get('content-encoding')).toBeNull();
});

test('a client behind it is counted as itself, whatever it says that it is', async () => {
  const left = async (forged: string) => {
    const { headers } = await post(`${BASE}/graphql`, '{ __typename }', {
      'x-forwarded-for': forged,
    });
    return Number(headers.get('ratelimit-remaining'));
  };
  const before = await left('203.0.113.1');
  expect(await left('127.0.0.1, 203.0.113.1')).toBe(before - 1);
  // Nobody is said to be forwarded: nginx itself is counted, and not left out.
  expect(await left('127.0.0.1')).toBeLessThan(100);
});
