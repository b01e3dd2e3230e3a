import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import { receipt } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, PAYER } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { freePort } from '../../support/programs/freePort.js';
import { type Nginx, startNginx } from '../../support/programs/nginx.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { startTestApi } from '../support.js';

const BASE = '/ledger';

let books: Books;
let api: RunningApi;
/** Between nginx and the server: counts connections. */
let between: TcpProxy;
let nginx: Nginx;
/** With the configuration that we ship. */
let caching: Nginx;
let cachingPort: number;

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
  caching = await startNginx('', await deployed('deploy/nginx/imo-ledger.conf'));
});
afterAll(async () => {
  await nginx?.stop();
  await caching?.stop();
  await between?.stop();
  await api?.close();
  await books?.close();
});

/** The file with the ports and the folder of this test; both of its servers are ours. */
async function deployed(file: string): Promise<string> {
  cachingPort = await freePort();
  return readFileSync(file, 'utf8')
    .replace('/var/cache/nginx/imo-ledger', await temporaryFolder())
    .replace('listen 80;', `listen 127.0.0.1:${cachingPort};`)
    .replaceAll(/127\.0\.0\.1:43[56]0/g, `127.0.0.1:${api.port}`)
    .replace(/(server 127\S+ max_fails=0;)\s+\1/, '$1');
}

interface Kept {
  readonly status: number;
  /** Of nginx. */
  readonly cache: string | null;
  readonly control: string | null;
  readonly etag: string | null;
  readonly body: string;
}

/** A persisted query by GET, through the cache. */
async function get(
  query: string,
  headers: Record<string, string> = {},
  origin = `http://127.0.0.1:${cachingPort}`,
): Promise<Kept> {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const persisted = { extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash } }) };
  await fetch(api.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, extensions: JSON.parse(persisted.extensions) }),
  });
  const url = `${origin}${BASE}/graphql?${new URLSearchParams(persisted)}`;
  const response = await fetch(url, { headers });
  return {
    status: response.status,
    cache: response.headers.get('x-cache-status'),
    control: response.headers.get('cache-control'),
    etag: response.headers.get('etag'),
    body: await response.text(),
  };
}

const receiptsAt = (at: string, fields = 'amountWei') =>
  `{ receipts(filter: {chainId: 1}${at}, first: 3) { nodes { ${fields} } } }`;

test('a cache answers what is as of a final block, and the client asks whether it has changed', async () => {
  const final = receiptsAt(', at: {block: 30}');
  const [first, second] = [await get(final), await get(final)];
  expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
  expect(second.control).toBe('public, max-age=86400, immutable');
  expect(second.body).toBe(first.body);
  expect(JSON.parse(second.body).data.receipts.nodes).toHaveLength(3);
  const again = await get(final, { 'if-none-match': first.etag ?? '' });
  expect([again.status, again.body]).toEqual([304, '']);
  // Another type of answer is another copy.
  const plain = await get(final, { accept: 'application/json' });
  expect([plain.cache, JSON.parse(plain.body)]).toEqual(['MISS', JSON.parse(first.body)]);
});

test.each([
  ['the newest block', ''],
  ['a block that is not final', ', at: {block: 50}'],
  ['a time', ', at: {timestamp: "2023-11-14T22:20:00Z"}'],
])('a cache never answers what is as of %s', async (_, at) => {
  const query = receiptsAt(at);
  const first = await get(query);
  expect([first.cache, first.control]).toEqual(['MISS', 'public, no-cache']);
  expect((await get(query)).cache).toBe('MISS');
  // A client that asks the server itself whether its copy is right gets no body.
  const { origin } = new URL(api.url);
  expect((await get(query, { 'if-none-match': first.etag ?? '' }, origin)).status).toBe(304);
});

test('a commit changes the answer behind the cache at once', async () => {
  const counted = '{ receipts(filter: {chainId: 1}) { totalCount } }';
  const countOf = ({ body }: Kept): number => JSON.parse(body).data.receipts.totalCount;
  const before = countOf(await get(counted));
  await books.commit(1, 60, new Map([[1, [receipt(PAYER, 5n)]]]));
  expect(countOf(await get(counted))).toBe(before + 1);
});

test('a cache keeps no field that an operator or an audit changes, and no error', async () => {
  const labelled = await get(receiptsAt(', at: {block: 30}', 'amountWei payerLabel'));
  expect(labelled.control).toBe('public, no-cache');
  const later = await get(receiptsAt(', at: {block: 999}'));
  expect([later.control, JSON.parse(later.body).errors[0].extensions.code]).toEqual([
    'no-store',
    'BLOCK_NOT_INDEXED',
  ]);
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
