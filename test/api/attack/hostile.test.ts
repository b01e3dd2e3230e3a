import { once } from 'node:events';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { limitedAs } from '../../../src/api/http/clients/clientAddress.js';
import type { ApiOptions, RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { RawClient } from '../../support/programs/rawHttp.js';
import { subscribeWs } from '../live/clients.js';
import { ask, askError, loggerInto, startTestApi } from '../support.js';

let url: string;
let books: Books;
let api: RunningApi;
const logged: string[] = [];

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url, { logger: loggerInto(logged) });
});
afterAll(async () => {
  await api.close();
  await books.close();
});

async function startWith(config: object, options: Partial<ApiOptions> = {}) {
  const serving = servingField('.').parse(config);
  const server = await startTestApi(url, { serving, logger: loggerInto([]), ...options });
  onTestFinished(() => server.close());
  return server;
}

const many = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const STATUS = { query: '{ status { chainId } }' };
const UPGRADE =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: aaaaaaaaaaaaaaaaaaaaaa==\r\n\r\n';

function post(server: RunningApi, body: unknown, headers: Record<string, string> = {}) {
  return fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('the head of a request', () => {
  test.each(['[', 'a b', '%', 'x:99999', ':::', '\x80', 'a/b', 'x?y', 'x#y', '\\', 'user@x'])(
    'the server answers an invalid Host with 400, without a stack: %s',
    async (host) => {
      const client = await RawClient.connect(api);
      client.say(
        `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      await client.ended;
      expect(client.received).toMatch(/^HTTP\/1\.1 400 /);
      expect(client.received).toContain('"code":"BAD_REQUEST"');
      expect(client.received).not.toContain('node_modules');
    },
  );

  test('the server answers two Host lines with 400: a proxy may use the other one', async () => {
    const client = await RawClient.connect(api);
    client.say(
      'GET /graphql?query={__typename} HTTP/1.1\r\nHost: x\r\nHOST: y\r\nConnection: close\r\n\r\n',
    );
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1\.1 400 /);
    expect(client.received).toContain('"code":"BAD_REQUEST"');
  });

  test.each(['localhost', 'api.example:8080', '[::1]:4350', '203.0.113.7', ''])(
    'a Host that is one is answered: %s',
    async (host) => {
      const client = await RawClient.connect(api);
      client.say(
        `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      await client.ended;
      expect(client.received).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  test('the answer 405 lists the allowed methods', async () => {
    for (const path of ['/graphql', '/health', '/v1/openapi.json', '/v1/export/receipts']) {
      const answer = await fetch(api.url.replace('/graphql', path), { method: 'DELETE' });
      expect([path, answer.status]).toEqual([path, 405]);
      expect([path, answer.headers.get('allow')]).toEqual([path, expect.stringContaining('GET')]);
    }
  });
});

describe('what an answer may cost', () => {
  test('the schema about itself counts by how long its lists are', async () => {
    const nested = many(
      15,
      (i) => `a${i}: fields { type { ${many(15, (j) => `b${j}: fields { name }`)} } }`,
    );
    expect(await askError(api, `{ __schema { types { ${nested} } } }`)).toMatchObject({
      code: 'QUERY_TOO_LARGE',
    });
  });

  test('tools may ask for all of the schema', async () => {
    const query = getIntrospectionQuery({
      inputValueDeprecation: true,
      oneOf: true,
      schemaDescription: true,
      specifiedByUrl: true,
    });
    expect(await ask(api, query)).toHaveProperty('data.__schema');
  });

  test('__typename counts like any other field', async () => {
    const names = many(240, (i) => `t${i}: __typename`);
    const { code } = await askError(
      api,
      `{ holders(chainId: 1, token: "${WINDOWED}", first: 40) { nodes { token {
        holders(first: 1000) { nodes { ${names} } } } } } }`,
    );
    expect(code).toBe('QUERY_TOO_LARGE');
  });

  test('each event of a subscription also has a cost limit', async () => {
    const costly = `subscription { holder(address: "${WINDOWED}") { positions { token {
      holders(first: 1000) { nodes { token { holders(first: 1000) { nodes { address } } } } } } } } }`;
    const events = subscribeWs(api, costly);
    expect((await events.next()).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_LARGE' } },
    ]);
    await events.close();
    const stream = await fetch(`${api.url}?query=${encodeURIComponent(costly)}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(await stream.text()).toContain('QUERY_TOO_LARGE');
  });

  test('an answer does not repeat what a client sends for each field', async () => {
    const query = `query ($c: String) { ${many(200, (i) => `a${i}: receipts(after: $c) { totalCount }`)} }`;
    const answer = await post(api, { query, variables: { c: 'x'.repeat(150_000) } });
    expect((await answer.text()).length).toBeLessThan(500_000);
  });

  test('variables nested beyond measure are refused, not fallen over', async () => {
    const depth = 15_000;
    const where = `${'{"_and":['.repeat(depth)}{}${']}'.repeat(depth)}`;
    const query = 'query ($w: ReceiptWhere) { receipts(where: $w) { totalCount } }';
    const answer = await fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":{"w":${where}}}`,
    });
    const { errors } = (await answer.json()) as Awaited<ReturnType<typeof ask>>;
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).not.toBe('INTERNAL');
  });
});

describe('the rate of a client', () => {
  const limited = (requests: number, more: object = {}) =>
    startWith({
      rateLimit: { requests, perSeconds: 600 },
      trustedProxies: ['loopback'],
      ...more,
    });
  const FROM = { 'x-forwarded-for': '203.0.113.7' };

  test('counts each operation of a batch', async () => {
    const server = await limited(5);
    expect((await post(server, [STATUS, STATUS, STATUS], FROM)).status).toBe(200);
    expect((await post(server, [STATUS, STATUS, STATUS], FROM)).status).toBe(429);
  });

  test('takes no batches in the forms that are not counted', async () => {
    for (const accept of ['text/event-stream', 'multipart/mixed']) {
      const answer = await post(api, [STATUS, STATUS], { accept });
      expect(await answer.text()).not.toContain('"data"');
    }
  });

  test('is one for HTTP and WebSockets', async () => {
    const server = await limited(2);
    await post(server, STATUS, FROM);
    await post(server, STATUS, FROM);
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: FROM,
    });
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(429);
  });

  test.each([
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2'],
    ['2001:db8::5:6:7:8', '2001:db8:0:0'],
    ['2001:db8:1::9', '2001:db8:1:0'],
    ['::1:2:3:4:5', '0:0:0:1'],
    ['a:b:c', 'a:b:c'],
    [`u${'n'.repeat(9_000)}`, `u${'n'.repeat(63)}`],
  ])('counts by the address, whatever a proxy adds to it: %s', (given, name) => {
    expect(limitedAs(given)).toBe(name);
  });

  test('an invalid address breaks nothing and does not count as this machine', async () => {
    const server = await limited(1);
    for (const client of ['a:b:c', '127.evil', '[::1']) {
      const from = { 'x-forwarded-for': client };
      expect([client, (await post(server, STATUS, from)).status]).toEqual([client, 200]);
      expect([client, (await post(server, STATUS, from)).status]).toEqual([client, 429]);
    }
  });

  test('has the error format of the path', async () => {
    const server = await limited(1);
    await post(server, STATUS, FROM);
    const get = (path: string) => fetch(server.url.replace('/graphql', path), { headers: FROM });
    const rest = await get(`/v1/holders/${WINDOWED}/claimable`);
    expect(rest.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await rest.json()).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      title: 'Too many requests',
    });
    const exported = await get('/v1/export/receipts');
    expect(await exported.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
  });

  test('the server answers a limited number of concurrent requests, including open streams and sockets', async () => {
    const server = await limited(1_000, { limits: { atOnce: 2 } });
    const path = `?query=${encodeURIComponent('subscription { status { chainId } }')}`;
    const leaving = new AbortController();
    const stream = await fetch(server.url + path, {
      headers: { ...FROM, accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    expect(stream.status).toBe(200);
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: FROM,
    });
    await once(socket, 'open');
    const refused = await post(server, STATUS, FROM);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('TOO_MANY_AT_ONCE');
    const other = await post(server, STATUS, { 'x-forwarded-for': '203.0.113.8' });
    expect(other.status).toBe(200);
    socket.terminate();
    leaving.abort();
    await eventually(async () => expect((await post(server, STATUS, FROM)).status).toBe(200));
  });
});

test('pages of other origins open no WebSocket either', async () => {
  const server = await startWith({ cors: ['https://app.example'] });
  const open = (origin: string | undefined) =>
    new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws', {
      ...(origin === undefined ? {} : { origin }),
    });
  const [, response] = await once(open('https://evil.example'), 'unexpected-response');
  expect(response.statusCode).toBe(403);
  for (const socket of [open('https://app.example'), open(undefined)]) {
    await once(socket, 'open');
    socket.terminate();
  }
});

test('the server reads no further from a client that pings without reading the answers', async () => {
  const socket = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  socket.pause();
  const ping = JSON.stringify({ type: 'ping', payload: { x: 'y'.repeat(190_000) } });
  for (let index = 0; index < 500; index += 1) socket.send(ping);
  // Nothing is taken any more once the buffers of both sides are full.
  for (let before = -1; before !== socket.bufferedAmount; ) {
    before = socket.bufferedAmount;
    for (let look = 0; look < 20; look += 1) await post(api, STATUS);
  }
  expect(socket.bufferedAmount).toBeGreaterThan(50_000_000);
  socket.resume();
  for (let pongs = 0; pongs < 500; pongs += 1) await once(socket, 'message');
  socket.terminate();
});

describe('closing', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a socket at the wrong path', `GET /nope HTTP/1.1\r\n${UPGRADE}`, /^HTTP\/1\.1 404 /],
    [
      'a body that is too large',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{',
      /^HTTP\/1\.1 413 /,
    ],
  ])('%s is cut off, although the client keeps its half open', async (_, text, status) => {
    const client = await RawClient.connect(api);
    client.say(text);
    await client.heard(status);
    await client.gone();
  });

  test('waits for no client that has been turned away', async () => {
    const server = await startTestApi(url, { logger: loggerInto([]) });
    const client = await RawClient.connect(server);
    client.say(`GET /nope HTTP/1.1\r\n${UPGRADE}`);
    await client.heard(/404/);
    await server.close();
    await client.gone();
  });

  test('garbage in the middle of an answer does not count as part of it', async () => {
    const client = await RawClient.connect(api);
    const query = encodeURIComponent('subscription { status { chainId } }');
    client.say(
      `GET /graphql?query=${query} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`,
    );
    await client.heard(/event: next/);
    client.say('GARBAGE\r\n\r\n');
    await client.ended;
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('slow clients', () => {
  const hurried = (patience: ApiOptions['patience'], lines: string[] = []) =>
    startWith({}, { patience: { lookEveryMs: 50, ...patience }, logger: loggerInto(lines) });

  test('a client that sends its body a byte at a time gets 408, once', async () => {
    const server = await hurried({ headersMs: 300, requestMs: 600 });
    const client = await RawClient.connect(server);
    client.say(
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    const dripping = setInterval(() => client.say(' '), 20);
    await client.ended;
    clearInterval(dripping);
    expect(client.received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect((await post(server, STATUS)).status).toBe(200);
  });

  test('a client that sends its head a byte at a time gets 408', async () => {
    const server = await hurried({ headersMs: 300, requestMs: 600 });
    const client = await RawClient.connect(server);
    client.say('GET /graphql HTTP/1.1\r\nHost: x\r\nX: ');
    const dripping = setInterval(() => client.say('y'), 20);
    await client.ended;
    clearInterval(dripping);
    expect(client.received).toMatch(/^HTTP\/1\.1 408 /);
  });

  /** Asks for more than the buffers of a connection hold, and reads nothing of it. */
  async function neverReads(server: RunningApi): Promise<RawClient> {
    const client = await RawClient.connect(server);
    client.socket.pause();
    const query = `{ __schema { types { ${many(60, (i) => `a${i}: description`)} } } }`;
    const body = JSON.stringify(Array(8).fill({ query }));
    client.say(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nX-Request-Id: unread\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return client;
  }

  test('a client that never reads is cut off', async () => {
    const lines: string[] = [];
    const server = await hurried({ takeMs: 500 }, lines);
    const client = await neverReads(server);
    // The line of a request is written when its connection is done with it.
    await eventually(() =>
      expect(lines).toContainEqual(expect.stringContaining('"requestId":"unread"')),
    );
    client.socket.resume();
    await client.ended;
    expect(client.received).toMatch(/^HTTP\/1\.1 200 /);
    const length = Number(/content-length: (\d+)/i.exec(client.received)?.[1]);
    expect(client.received.length).toBeLessThan(length);
  });

  test('a client that never reads does not delay the end of the server', async () => {
    const server = await startTestApi(url, { patience: { closeMs: 300 }, logger: loggerInto([]) });
    await neverReads(server);
    await server.close();
  });

  test('a client that does not read its export makes room for another one', async () => {
    await books.pool.query(
      `INSERT INTO receipt (id, token_number, block_number, "timestamp", transaction_hash,
         transaction_index, position, payer, amount_wei, kind, source, path)
       SELECT '0001-0000000050-' || lpad(n::text, 6, '0'), 1, 50, now(), sha256('a'), n, n,
         substr(sha256('b'), 1, 20), n, 'call', 'unknown', '{}'
       FROM generate_series(1000, 120000) AS n`,
    );
    const lines: string[] = [];
    const server = await hurried({ paceMs: 300 }, lines);
    for (const id of ['first', 'second']) {
      const client = await RawClient.connect(server);
      client.socket.pause();
      client.say(
        `GET /v1/export/receipts?format=jsonl HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\n\r\n`,
      );
    }
    const path = server.url.replace('/graphql', '/v1/export/claims');
    await eventually(() => {
      for (const id of ['first', 'second']) {
        expect(lines).toContainEqual(expect.stringContaining(`"requestId":"${id}"`));
      }
    });
    await eventually(async () => expect((await fetch(path)).status).toBe(200));
  });
});
