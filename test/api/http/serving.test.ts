import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { clientAddresses, limitedAs } from '../../../src/api/http/clients/clientAddress.js';
import { createApiLogger } from '../../../src/api/operate/apiLogger.js';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import type { Books } from '../../store/read/books.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { loggerInto, operatorsPage, startTestApi } from '../support.js';

let url: string;
let books: Books;
let api: RunningApi;
const logged: string[] = [];

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  const logger = createApiLogger('debug', (line) => logged.push(line));
  api = await startTestApi(url, { logger });
});
afterAll(async () => {
  await api.close();
  await books.close();
});

async function startWith(config: object) {
  const server = await startTestApi(url, { serving: servingField('.').parse(config) });
  onTestFinished(() => server.close());
  return server;
}

const STATUS = JSON.stringify({ query: '{ status { chainId } }' });

function post(server: RunningApi, body: BodyInit, headers: Record<string, string> = {}) {
  return fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe('requests that are not queries', () => {
  test.each([
    ['no JSON', '{', 400, 'BAD_REQUEST'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'BAD_REQUEST'],
    ['a number', '7', 400, 'BAD_REQUEST'],
    ['an empty list', '[]', 400, 'BAD_REQUEST'],
    ['a list in a list', '[[]]', 400, 'BAD_REQUEST'],
    ['a list of too many', `[${Array(11).fill(STATUS).join()}]`, 400, 'BATCH_TOO_LARGE'],
    ['too many bytes', ' '.repeat(200_001), 413, 'REQUEST_TOO_LARGE'],
  ])('%s', async (_, body, status, code) => {
    const answer = await post(api, body);
    expect(answer.status).toBe(status);
    const { errors } = (await answer.json()) as { errors: unknown[] };
    expect(errors).toMatchObject([{ extensions: { code, hint: expect.stringMatching(/\w/) } }]);
  });

  test('too many bytes that were not announced', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(50_000).fill(0x20));
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const sent = fetch(api.url, { ...init, duplex: 'half' } as RequestInit);
    // The answer may be there before the client notices that nobody reads any more.
    const status = await sent.then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
  });

  test('several operations in one request are answered in their order', async () => {
    const other = JSON.stringify({ query: '{ nonsense }' });
    const answer = await post(api, `[${STATUS},${other},${STATUS}]`);
    expect(await answer.json()).toMatchObject([
      { data: { status: [{}, {}] } },
      { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
      { data: { status: [{}, {}] } },
    ]);
  });
});

describe('headers', () => {
  test('the status is what the media type that the client accepts asks for', async () => {
    const wrong = JSON.stringify({ query: '{ nonsense }' });
    const plain = await post(api, wrong, { accept: 'application/json' });
    expect(plain.status).toBe(200);
    expect(plain.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const typed = await post(api, wrong, { accept: 'application/graphql-response+json' });
    expect(typed.status).toBe(400);
  });

  test('every answer forbids browsers to run or embed it', async () => {
    for (const path of ['/graphql?query={__typename}', '/health', '/nowhere']) {
      const { headers } = await fetch(api.url.replace('/graphql', path));
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  test('GraphiQL may run its inline scripts and ask its own server, nothing else', async () => {
    const page = await fetch(api.url, { headers: { accept: 'text/html' } });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(await page.text()).toContain('<script');
    expect(policy).toMatch(/; script-src 'sha256-[\w+/]{43}='; /);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]+unsafe/);
  });

  test('GraphiQL is sent packed, and once to each browser', async () => {
    const headers = { accept: 'text/html' };
    const page = await fetch(api.url, { headers });
    expect(page.headers.get('content-encoding')).toBe('gzip');
    expect(Number(page.headers.get('content-length'))).toBeLessThan(3_000_000);
    const unpacked = await fetch(api.url, { headers: { ...headers, 'accept-encoding': 'br' } });
    expect(unpacked.headers.get('content-encoding')).toBeNull();
    expect(await unpacked.text()).toBe(await page.text());
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(api.url, { headers: { ...headers, 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('a request keeps the id that it came with, or gets one', async () => {
    const own = await post(api, STATUS, { 'x-request-id': 'my-id.1' });
    expect(own.headers.get('x-request-id')).toBe('my-id.1');
    const strange = await post(api, STATUS, { 'x-request-id': 'a b"c' });
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(logged.some((line) => line.includes('"requestId":"my-id.1"'))).toBe(true);
  });

  test('only the pages of the named origins may ask', async () => {
    const server = await startWith({ cors: ['https://app.example'] });
    const from = (origin: string) => post(server, STATUS, { origin });
    const allowed = await from('https://app.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(allowed.headers.get('vary')).toBe('Origin');
    const other = await from('https://evil.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(server.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });
});

describe('the rate of a client', () => {
  const LIMITED = { rateLimit: { requests: 3, perSeconds: 60 }, trustedProxies: ['loopback'] };
  const from = (server: RunningApi, client: string) =>
    post(server, STATUS, { 'x-forwarded-for': client });

  test('is limited, and sees its limits', async () => {
    const server = await startWith(LIMITED);
    const answers = [];
    for (let index = 0; index < 4; index++) answers.push(await from(server, '203.0.113.7'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    const refused = answers[3];
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await refused?.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    expect((await from(server, '203.0.113.8')).status).toBe(200);
    expect((await fetch(server.url.replace('/graphql', '/health'))).status).toBe(200);
  });

  const RARE = { rateLimit: { requests: 1, perSeconds: 60 } };
  const statuses = async (ask: (index: number) => Promise<Response>) => [
    (await ask(0)).status,
    (await ask(1)).status,
  ];

  test('is not limited for a program on this machine that nobody forwards', async () => {
    const server = await startWith(RARE);
    expect(await statuses(() => post(server, STATUS))).toEqual([200, 200]);
  });

  test.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])(
    'is limited for all clients together that a proxy forwards who is not named (%s)',
    async (header) => {
      const lines: string[] = [];
      const serving = servingField('.').parse(RARE);
      const server = await startTestApi(url, { serving, logger: loggerInto(lines) });
      onTestFinished(() => server.close());
      const ask = (index: number) => post(server, STATUS, { [header]: `203.0.113.${index}` });
      expect(await statuses(ask)).toEqual([200, 429]);
      const warnings = lines.filter((line) => line.includes('a proxy that is not named'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('trustedProxies');
    },
  );

  test('is limited behind a named proxy, whatever its clients say that they are', async () => {
    const server = await startWith({ ...RARE, trustedProxies: ['loopback'] });
    for (const forged of ['127.0.0.1', '::1', 'local', 'localhost', '']) {
      expect([forged, await statuses(() => from(server, forged))]).toEqual([
        forged,
        forged === '' ? [429, 429] : [200, 429],
      ]);
    }
  });

  test('also depends on how long requests took', async () => {
    const cost = { rateLimit: { requests: 100, cost: 10, perSeconds: 60 } };
    const server = await startWith({ ...cost, trustedProxies: ['loopback'] });
    expect((await from(server, '203.0.113.7')).status).toBe(200);
    const refused = await from(server, '203.0.113.7');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('rateLimit.cost allows 10'),
          extensions: { code: 'COST_LIMITED' },
        },
      ],
    });
    expect((await from(server, '203.0.113.8')).status).toBe(200);
  });

  test('X-Forwarded-For counts up to the last proxy that is trusted', () => {
    const request = (remoteAddress: string, forwarded: string) =>
      ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as never;
    const clientOf = clientAddresses(['10.0.0.0/8']);
    expect(clientOf(request('10.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.2'))).toBe('203.0.113.7');
    expect(clientOf(request('203.0.113.9', '6.6.6.6'))).toBe('203.0.113.9');
    expect(() => clientAddresses(['nonsense'])).toThrow(/trustedProxies/);
  });

  test('a network of IPv6 is one client', () => {
    expect(limitedAs('2001:db8:1:2:3:4:5:6')).toBe(limitedAs('2001:db8:1:2::9'));
    expect(limitedAs('2001:db8:1:3::9')).not.toBe(limitedAs('2001:db8:1:2::9'));
    expect(limitedAs('::ffff:203.0.113.7')).toBe('::ffff:203.0.113.7');
  });
});

describe('the log', () => {
  test('has no secret in it, wherever it comes from', () => {
    const lines: string[] = [];
    const logger = createApiLogger('info', (line) => lines.push(line));
    const failure = new Error(
      'connect to postgresql://me:S3CRET@db:5432/x failed, password=S3CRET',
    );
    logger.error(
      { err: failure, headers: { authorization: 'Bearer S3CRET', cookie: 'S3CRET' } },
      'x',
    );
    logger.warn({ rpc: 'https://rpc.example/v2/S3CRET?key=S3CRET' }, 'wss://u:S3CRET@node/S3CRET');
    logger.info('the header was Authorization: Bearer S3CRET');
    logger.info(`the node was told ${JSON.stringify({ apiKey: 'S3CRET', password: 'S3CRET' })}`);
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).not.toContain('S3CRET');
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });
});

test('/metrics counts queries by frequent names and errors by code, and shows the pool', async () => {
  for (let index = 0; index < 20; index++) {
    await post(api, JSON.stringify({ query: 'query Named { status { chainId } }' }));
  }
  await post(api, JSON.stringify({ query: '{ nonsense }' }));
  for (let index = 0; index < 150; index++) {
    await post(api, JSON.stringify({ query: `query Many${index} { __typename }` }));
  }
  const text = await (await operatorsPage(api, '/metrics')).text();
  expect(text).toMatch(/imo_ledger_api_query_seconds_count\{operation="Named"\} 1/);
  expect(text).toMatch(/imo_ledger_api_errors_total\{code="GRAPHQL_VALIDATION_FAILED"\} \d/);
  expect(text).toMatch(/imo_ledger_api_database_connections\{state="idle"\} \d/);
  expect(text).toMatch(/imo_ledger_api_requests_total\{method="POST",status="200"\} \d/);
  const names = text.match(/imo_ledger_api_query_seconds_count\{/g) ?? [];
  expect(names).toHaveLength(2);
});

test('a role that may write is warned of, with the remedy; a database of our own is not', async () => {
  const lines: string[] = [];
  const logger = createApiLogger('info', (line) => lines.push(line));
  const own = await startTestApi(url, { logger, isOwnDatabase: true });
  await post(own, STATUS);
  await own.close();
  expect(lines).toEqual([]);
  const open = await startTestApi(url, { logger });
  await open.close();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 40,
    remedy: expect.stringContaining('--reader-role'),
  });
});

describe('closing', () => {
  test('lets a running request finish, and takes no new one', async () => {
    const server = await startTestApi(url);
    const { locked, release } = await lockTokens();
    const running = post(server, JSON.stringify({ query: '{ tokens { totalCount } }' }));
    await locked;
    const closed = server.close();
    await expect(post(server, STATUS)).rejects.toThrow();
    await release();
    expect(await (await running).json()).toMatchObject({ data: { tokens: { totalCount: 3 } } });
    await closed;
  });

  /** Blocks reads of the tokens; `locked` resolves when a read waits. */
  async function lockTokens() {
    const client = await books.pool.connect();
    await client.query('BEGIN; LOCK TABLE token');
    const locked = eventually(async () =>
      expect(await query(url, 'SELECT FROM pg_locks WHERE NOT granted')).not.toEqual([]),
    );
    const release = async () => {
      await client.query('ROLLBACK');
      client.release();
    };
    return { locked, release };
  }
});

describe('connections', () => {
  test('the server answers garbage with 400 and closes the connection', async () => {
    expect(await talk('GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await talk(`GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
  });

  function talk(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket: Socket = connect(api.port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  }
});
