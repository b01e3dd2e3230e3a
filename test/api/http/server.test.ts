import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImoLedger, TokensDocument } from '../../../clients/ts/src/index.js';
import { createContext, createServices } from '../../../src/api/request/context.js';
import { assertNotReorganised } from '../../../src/api/request/reorgGuard.js';
import type { RunningApi } from '../../../src/api/server.js';
import { hashOf, timeOf } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { ask, askData, startTestApi } from '../support.js';

let books: Books;
let url: string;
let api: RunningApi;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url);
});
afterAll(async () => {
  await api.close();
  await books.close();
});

const COUNT = '{ tokens { totalCount } }';
const TWO = 'query A { tokens { totalCount } } query B { tokens { nodes { symbol } } }';
const HOLDER =
  'query Q($account: Address!) { holder(address: $account) { positions { balance } } }';
const HOLDERS =
  'query Q($token: Address!) { holders(chainId: 1, token: $token, first: 2) { nodes { address balance } } }';
const CLAIMS =
  'query Q($holder: Address) { claims(where: { holder: { _eq: $holder } }) { totalCount } }';

/** Operations that are answered, refused before they are read, and refused when they are. */
const REPEATED: readonly (readonly [string, object])[] = [
  ['rows of a list', { query: HOLDERS, variables: { token: WINDOWED } }],
  ['a token that is not indexed', { query: HOLDERS, variables: { token: `0x${'9'.repeat(40)}` } }],
  ['no variables', { query: HOLDER }],
  ['a variable of another type', { query: HOLDER, variables: { account: 'me' } }],
  ['variables that are not an object', { query: HOLDER, variables: ['me'] }],
  ['a condition without a value', { query: CLAIMS, variables: { holder: null } }],
  ['the second operation', { query: TWO, operationName: 'B' }],
  ['an operation that it does not have', { query: TWO, operationName: 'C' }],
  ['two operations and no name', { query: TWO }],
  ['a name that is not a text', { query: COUNT, operationName: 5 }],
  ['extensions that nobody reads', { query: COUNT, extensions: { client: { name: 'x' } } }],
  ['a block that the client has seen', { query: COUNT, extensions: { minBlock: { 1: 1 } } }],
  [
    'a hash that is not its own',
    { query: COUNT, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
  ],
  ['a parameter that there is not', { query: COUNT, hash: 'x' }],
];

describe('a query that comes again', () => {
  test.each(REPEATED)('has the same answer every time: %s', async (_, operation) => {
    const answers: unknown[] = [];
    for (let time = 0; time < 7; time++) {
      const response = await fetch(api.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(operation),
      });
      answers.push([response.status, response.headers.get('x-cost'), await response.json()]);
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe('the server', () => {
  test('says where it listens', () => {
    expect(api.url).toBe(`http://127.0.0.1:${api.port}/graphql`);
  });

  test('a port in use is an error with a remedy', async () => {
    await expect(startTestApi(url, { port: api.port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      hint: expect.stringContaining('--port'),
    });
  });

  test('closes twice without complaint, and gives the port back', async () => {
    const server = await startTestApi(url);
    await askData(server, '{ tokens { totalCount } }');
    await Promise.all([server.close(), server.close()]);
    await expect(ask(server, '{ tokens { totalCount } }')).rejects.toThrow();
    const again = await startTestApi(url, { port: server.port });
    await again.close();
  });

  test('GraphiQL loads nothing from elsewhere', async () => {
    const page = await fetch(api.url, { headers: { accept: 'text/html' } });
    const html = await page.text();
    expect(html).toContain('query Overview');
    expect(html).not.toMatch(/<(script|link)[^>]+(src|href)=["']?https?:/);
  });

  test('other origins may ask, without cookies', async () => {
    const response = await fetch(`${api.url}?query={status{chainId}}`, {
      headers: { origin: 'https://dashboard.example' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(await response.json()).toMatchObject({ data: { status: [{}, {}] } });
  });

  test('the example of GraphiQL works as it is', async () => {
    const { EXAMPLE_QUERY } = await import('../../../src/api/http/exampleQuery.js');
    const { tokens } = await askData(api, EXAMPLE_QUERY);
    expect(tokens.nodes[0].holders.nodes).toHaveLength(3);
  });

  test('its database connections cannot write', async () => {
    const { errors } = await ask(api, '{ status { chainId } }');
    expect(errors).toBeUndefined();
    const settings = await query<{ readonly setting: string }>(
      url,
      `SELECT count(*)::text AS setting FROM pg_stat_activity
       WHERE application_name = 'imo-ledger api' AND datname = current_database()`,
    );
    expect(Number(settings[0]?.setting)).toBeGreaterThan(0);
  });
});

describe('status', () => {
  const QUERY = `{ status {
    chainId name indexed { block hash timestamp } finalizedBlock chainHead chainHeadUnavailable lagBlocks
  } }`;

  async function node(
    answer: (body: string) => string | null,
  ): Promise<{ server: Server; rpcUrl: string }> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        const text = answer(body);
        if (text === null) return;
        response.writeHead(200, { 'content-type': 'application/json' }).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { server, rpcUrl: `http://127.0.0.1:${port}/v2/SECRET` };
  }

  test('says how far each chain is, and asks its node at most once in two seconds', async () => {
    let asked = 0;
    const { server, rpcUrl } = await node(() => {
      asked++;
      return JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x41' });
    });
    const here = await startTestApi(url, { chains: [{ id: 1, name: 'Testnet', rpcUrl }] });
    const answers = await Promise.all([1, 2, 3].map(() => askData(here, QUERY)));
    expect(answers[2].status).toEqual([
      {
        chainId: 1,
        name: 'Testnet',
        indexed: { block: 55, hash: hashOf(1, 55), timestamp: timeOf(55).toISOString() },
        finalizedBlock: 45,
        chainHead: 65,
        chainHeadUnavailable: null,
        lagBlocks: 10,
      },
      {
        chainId: 2,
        name: null,
        indexed: { block: 60, hash: hashOf(2, 60), timestamp: timeOf(60).toISOString() },
        finalizedBlock: 60,
        chainHead: null,
        chainHeadUnavailable: 'the server was given no RPC URL for this chain',
        lagBlocks: null,
      },
    ]);
    expect(asked).toBe(1);
    await here.close();
    server.close();
  });

  test.each([
    ['is not there', null],
    ['is silent', () => null],
    ['knows nothing', () => '{"error":{"message":"SECRET"}}'],
  ])('comes from another endpoint when the first one %s', async (_, answer) => {
    const first = answer === null ? null : await node(answer);
    let isGivenUp = false;
    let wasGivenUpBefore = false;
    first?.server.on('request', (_request, response) => {
      response.on('close', () => {
        isGivenUp = true;
      });
    });
    const second = await node(() => {
      wasGivenUpBefore = isGivenUp;
      return JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x41' });
    });
    const rpcUrl = first?.rpcUrl ?? 'http://127.0.0.1:1/SECRET';
    const fallbackRpcUrls = [second.rpcUrl];
    const chains = [{ id: 1, name: 'Testnet', rpcUrl, fallbackRpcUrls }];
    const here = await startTestApi(url, { chains });
    const answered = await askData(here, QUERY);
    expect(answered.status[0]).toMatchObject({ chainHead: 65, chainHeadUnavailable: null });
    // The server still waits for a slow one while it asks the next one.
    expect(wasGivenUpBefore && answer?.() === null).toBe(false);
    await here.close();
    for (const server of [first?.server, second.server]) {
      server?.close();
      server?.closeAllConnections();
    }
  });

  test.each([
    ['that is silent', () => null, /did not answer within 1500 ms/],
    ['that knows nothing', () => '{"error":{"message":"SECRET"}}', /block number/],
    ['that is not a node', () => '<html>', /cannot be reached/],
  ])('a node %s is a reason, not an error, and no secret', async (_, answer, reason) => {
    const { server, rpcUrl } = await node(answer);
    const here = await startTestApi(url, { chains: [{ id: 1, name: 'Testnet', rpcUrl }] });
    const answered = await ask(here, QUERY);
    expect(answered.data.status[0]).toMatchObject({
      chainHead: null,
      chainHeadUnavailable: expect.stringMatching(reason),
      lagBlocks: null,
    });
    expect(JSON.stringify(answered)).not.toContain('SECRET');
    await here.close();
    server.close();
    server.closeAllConnections();
  });

  test.each(['http://127.0.0.1:1/SECRET', 'ws://127.0.0.1:1/SECRET'])(
    'nobody listens on %s',
    async (rpcUrl) => {
      const here = await startTestApi(url, { chains: [{ id: 1, name: 'Testnet', rpcUrl }] });
      const answered = await ask(here, QUERY);
      expect(answered.data.status[0].chainHeadUnavailable).toMatch(/cannot be reached/);
      expect(JSON.stringify(answered)).not.toContain('SECRET');
      await here.close();
    },
  );
});

describe('a reorg while a request is answered', () => {
  test('is noticed for blocks that are not final, and only for those', async () => {
    const database = await freshDatabase();
    const hot = await openScenario(database);
    const asked = async (block: number | null) => {
      const context = createContext(createServices(hot.pool, []));
      await context.books.asOf(1, { block });
      return () => assertNotReorganised(context.joined, context.books);
    };
    const [newest, late, final] = await Promise.all([asked(null), asked(50), asked(40)]);
    for (const check of [newest, late, final]) await expect(check()).resolves.toBeUndefined();

    await query(database, `UPDATE hot_block SET hash = '\\x00' WHERE chain_id = 1`);
    await expect(newest()).rejects.toMatchObject({ code: 'CHAIN_REORGANISED' });
    await expect(late()).resolves.toBeUndefined();

    await query(database, 'UPDATE chain_cursor SET height = 48 WHERE chain_id = 1');
    await expect(late()).rejects.toMatchObject({ code: 'CHAIN_REORGANISED' });
    await expect(final()).resolves.toBeUndefined();
    await hot.close();
  });

  test('gives an error in place of the answer', async () => {
    const database = await freshDatabase();
    const hot = await openScenario(database);
    const here = await startTestApi(database);
    // The cursor of this moment has another hash than the block that is kept.
    await query(database, `UPDATE hot_block SET hash = '\\x00' WHERE chain_id = 1`);
    const { data, errors } = await ask(
      here,
      `{ token(chainId: 1, address: "${WINDOWED}") { supply } }`,
    );
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { extensions: { code: 'CHAIN_REORGANISED', hint: 'Ask again.' } },
    ]);
    await here.close();
    await hot.close();
  });

  test('is HTTP 503 with Retry-After on every interface, and the client asks again', async () => {
    const database = await freshDatabase();
    const hot = await openScenario(database);
    const here = await startTestApi(database);
    const cut = () => query(database, `UPDATE hot_block SET hash = '\\x00' WHERE chain_id = 1`);
    const hashes = await query<{ height: number; hash: Buffer }>(
      database,
      'SELECT height, hash FROM hot_block WHERE chain_id = 1',
    );
    await cut();
    const document = `{ token(chainId: 1, address: "${WINDOWED}") { supply } }`;
    const send = (accept: string) =>
      fetch(here.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: document }),
      });
    const holder = `0x${'11'.repeat(20)}`;
    for (const response of [
      await send('application/graphql-response+json'),
      await send('application/json'),
      await fetch(`${here.url}?query=${encodeURIComponent(document)}`),
      await fetch(`http://127.0.0.1:${here.port}/v1/person?chainId=1&holder=${holder}`),
    ]) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      const text = await response.text();
      expect(text).toContain('"CHAIN_REORGANISED"');
      expect(text).not.toContain('retry-after');
    }

    const statuses: number[] = [];
    const ledger = new ImoLedger({
      url: here.url,
      longestPauseMs: 1,
      fetch: async (...asked) => {
        const response = await fetch(...asked);
        statuses.push(response.status);
        for (const { height, hash } of hashes) {
          const sql = `UPDATE hot_block SET hash = '\\x${hash.toString('hex')}' WHERE height = ${height}`;
          await query(database, sql);
        }
        return response;
      },
    });
    const { data } = await ledger.query(TokensDocument, {});
    expect(data.tokens?.nodes.length).toBeGreaterThan(0);
    expect(statuses).toEqual([503, 200]);
    await here.close();
    await hot.close();
  });
});
