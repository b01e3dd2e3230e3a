import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { QueryCosts } from '../../../src/api/limits/cost/cost.js';
import { measureQuery } from '../../../src/api/limits/cost/measure.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { type ServingConfig, servingField } from '../../../src/config/serving.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { ask, askData, askError, loggerInto, startTestApi } from '../support.js';

let url: string;
let books: Books;
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

const WIN = `chainId: 1, token: "${WINDOWED}"`;

async function startWith(api: Parameters<ReturnType<typeof servingField>['parse']>[0]) {
  const serving: ServingConfig = servingField('.').parse(api);
  const server = await startTestApi(url, { serving });
  onTestFinished(() => server.close());
  return server;
}

describe('the size of a query', () => {
  test('fragments count as often as they are spread, and are looked into once', () => {
    const chain = Array.from(
      { length: 300 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    const bomb = parse(
      `{ ...F0 } ${chain.join(' ')} fragment F300 on Query { a: status { chainId } }`,
    );
    const { fields, aliases } = measureQuery(bomb);
    expect(fields).toBe(2 ** 301);
    expect(aliases).toBe(2 ** 300);
  });

  test('a bomb of fragments is refused before the rules of GraphQL see it', async () => {
    const chain = Array.from(
      { length: 300 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    const bomb = `{ ...F0 } ${chain.join(' ')} fragment F300 on Query { a: status { chainId } }`;
    expect(await askError(api, bomb)).toMatchObject({ code: 'QUERY_TOO_LARGE' });
  });

  test.each([
    ['aliases', Array.from({ length: 251 }, (_, i) => `a${i}: __typename`).join(' ')],
    ['directives', `status ${'@include(if: true) '.repeat(51)} { chainId }`],
    ['fields', `status { ${'chainId '.repeat(1_995)} } ${'__typename '.repeat(5)}`],
  ])('%s', async (kind, selection) => {
    const { code, message } = await askError(api, `{ ${selection} }`);
    expect(code).toBe('QUERY_TOO_LARGE');
    expect(message).toContain(kind);
  });

  test('fragments that contain each other are refused', async () => {
    const { errors } = await ask(
      api,
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    );
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

const costs = new QueryCosts(buildApiSchema());

const many = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

describe('the cost of a query', () => {
  const costOf = (query: string, variables = {}, name: string | null = null) =>
    costs.of(parse(query), name, variables).values;
  const nested = (sizes: string, inner: string) =>
    `query ($n: Int, $m: Int = 30) { holders(${WIN}, ${sizes}) { nodes { token { receipts: holders(${inner}) { nodes { address } } } } } }`;

  test('rows of lists inside lists multiply, wherever their sizes are given', () => {
    // holders and nodes; for each row token, receipts and nodes; for each of its rows address.
    const cost = (rows: number, inner: number) => 2 + rows * (3 + inner);
    expect(costOf(nested('first: 10', 'first: 20'))).toBe(cost(10, 20));
    expect(costOf(nested('first: $n', 'first: 20'), { n: 10 })).toBe(cost(10, 20));
    expect(costOf(nested('first: $n', 'last: $n'), { n: 10 })).toBe(cost(10, 10));
    expect(costOf(nested('first: 10', 'first: $m'))).toBe(cost(10, 30));
    expect(costOf(nested('first: 10', 'first: $m'), { m: 7 })).toBe(cost(10, 7));
    expect(costOf(nested('first: 10', 'direction: ASC'))).toBe(cost(10, 50));
    expect(costOf(nested('first: 10', 'first: 1000000000'))).toBe(cost(10, 1000));
  });

  test('fragments count where they are spread', () => {
    const query = `{ holders(${WIN}, first: 10) { ...P ... on HolderConnection { nodes { balance } } } }
      fragment P on HolderConnection { nodes { address } }`;
    expect(costOf(query)).toBe(1 + 2 + 10 * 2);
  });

  test('sizes that are not numbers count as the default', () => {
    expect(costOf(nested('first: $n', 'first: 1'), { n: 'x' })).toBe(2 + 50 * 4);
  });

  test('the operations of one request may not cost more together', async () => {
    const query = `{ holders(${WIN}, first: 1000) { nodes { ${many(250, 'balance')} } } }`;
    const answer = await fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query }, { query }]),
    });
    const [first, second] = (await answer.json()) as Awaited<ReturnType<typeof ask>>[];
    expect(first?.errors).toBeUndefined();
    expect(second?.errors).toMatchObject([
      {
        message: expect.stringContaining('with what came before it in the request'),
        extensions: { code: 'QUERY_TOO_LARGE' },
      },
    ]);
  });

  test('too large values are refused before anything is read, even in variables', async () => {
    const query = nested('first: $n', 'first: $m');
    const { code, message } = await askError(api, query, { n: 1000, m: 1000 });
    expect(code).toBe('QUERY_TOO_LARGE');
    expect(message).toContain('1003002 values');
    expect((await askData(api, query, { n: 5, m: 5 })).holders.nodes).toHaveLength(3);
  });
});

describe('what a client learns of the cost', () => {
  const QUERY = '{ tokens(first: 2) { nodes { supply } totalCount } }';
  /** In books as small as those of the scenario. */
  const costOfIt = () =>
    costs.of(parse(QUERY), null, {}, { millions: 0.005, tokens: 5, chains: 3 });
  const post = (server: RunningApi, body: object) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('every answer says in a header what its request could have cost', async () => {
    const { points } = costOfIt();
    expect((await post(api, { query: QUERY })).headers.get('x-cost')).toBe(String(points));
    const byGet = await fetch(`${api.url}?query=${encodeURIComponent(QUERY)}`);
    expect(byGet.headers.get('x-cost')).toBe(String(points));
  });

  test('extensions.cost comes to those who ask for it', async () => {
    const answer = await post(api, { query: QUERY, extensions: { cost: true } });
    const { points, values, database } = costOfIt();
    const { extensions, data } = (await answer.json()) as { extensions: object; data: object };
    expect(data).toMatchObject({ tokens: { totalCount: 3 } });
    expect(extensions).toEqual({
      cost: { points, values, database, limit: 500_000, databaseMs: expect.any(Number) },
    });
    expect(await (await post(api, { query: QUERY })).json()).not.toHaveProperty('extensions');
  });

  test('the log shows what a request cost', async () => {
    const lines: string[] = [];
    const server = await startTestApi(url, { logger: loggerInto(lines) });
    await ask(server, QUERY);
    await server.close();
    const line = lines.find((text) => text.includes('"path":"/graphql"')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      cost: costOfIt().points,
      costTaken: expect.any(Number),
      databaseMs: expect.any(Number),
    });
  });

  test('an answer that is too large is refused by its size, whichever way it was asked for', async () => {
    const server = await startWith({ limits: { answerBytes: 100 } });
    const query = '{ tokens { nodes { id: address other: address another: address } } }';
    expect(await askError(server, query)).toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      message: expect.stringContaining('limits.answerBytes'),
    });
    const byGet = await fetch(`${server.url}?query=${encodeURIComponent(query)}`);
    expect(await byGet.json()).toMatchObject({
      errors: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }],
    });
  });
});

describe('persisted queries', () => {
  const QUERY = '{ status { chainId } }';
  const sha256Hash = createHash('sha256').update(QUERY).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };

  async function send(server: RunningApi, body: object): Promise<Awaited<ReturnType<typeof ask>>> {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json();
  }

  test('a hash stands for the query once it was sent with it (APQ)', async () => {
    const { errors } = await send(api, { extensions });
    expect(errors).toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    expect(await send(api, { query: QUERY, extensions })).toHaveProperty('data.status');
    expect(await send(api, { extensions })).toHaveProperty('data.status');
  });

  test('a hash that is not that of the query is refused, and not kept', async () => {
    const wrong = { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } };
    const { errors } = await send(api, { query: QUERY, extensions: wrong });
    expect(errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_HASH_WRONG' } }]);
    const { errors: none } = await send(api, { extensions: wrong });
    expect(none).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  test('locked down, only those of the list are answered', async () => {
    const file = join(await temporaryFolder(), 'queries.json');
    await writeFile(file, JSON.stringify({ [sha256Hash]: QUERY }));
    const server = await startWith({ persistedQueries: { file, only: true } });
    expect(await send(server, { extensions })).toHaveProperty('data.status');
    expect(await send(server, { query: QUERY })).toHaveProperty('data.status');
    for (const body of [
      { query: '{ tokens { totalCount } }' },
      { query: '{__schema{types{name}}}' },
      {},
    ]) {
      const { errors } = await send(server, body);
      expect(errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }]);
    }
    const page = await fetch(server.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('<script');
    const byGet = await fetch(`${server.url}?query={tokens{totalCount}}`);
    expect(await byGet.json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }],
    });
  });

  test('a list that cannot be read stops the server from starting', async () => {
    const file = join(await temporaryFolder(), 'queries.json');
    await writeFile(file, '[');
    await expect(startWith({ persistedQueries: { file } })).rejects.toMatchObject({
      code: 'PERSISTED_QUERIES_INVALID',
    });
  });
});
