import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Address, checksummed } from '../../../src/address.js';
import { claimableSchema } from '../../../src/api/rest/claimableSchema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import { DATASETS } from '../../../src/export/catalogue.js';
import { EXPORT_FORMATS } from '../../../src/export/request/request.js';
import { emptyDatabase, freshDatabase } from '../../support/databases/postgres.js';
import { expectLinked } from '../../support/errorLinks.js';
import { Description } from '../../support/openApi.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { paidBy } from '../../support/scenes/sendClaims.js';
import { loggerInto, startTestApi } from '../support.js';

let scene: AssetScene;
let databaseUrl: string;
let api: RunningApi;
let base: string;
const log: string[] = [];

beforeAll(async () => {
  scene = await AssetScene.start();
  await scene.liveThrough();
  await scene.wait();
  await scene.pay(1n);
  const { chain, token } = scene;
  databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const chains = [{ id: chain.chainId, name: 'devnet', rpcUrl: chain.url }];
  api = await startTestApi(databaseUrl, { chains, logger: loggerInto(log) });
  base = `http://127.0.0.1:${api.port}`;
});
afterAll(() => api.close());

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${base}${path}`, init);
}

async function problem(path: string, init: RequestInit = {}) {
  const response = await get(path, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = await response.json();
  expect(body).toMatchObject({
    type: `urn:imo-ledger:error:${body.code}`,
    status: response.status,
    title: expect.stringMatching(/./),
    hint: expect.stringMatching(/./),
  });
  expectLinked(body);
  return body;
}

/** So many addresses, with commas between them. */
function many(count: number): string {
  return Array.from({ length: count }, (_, index) => `0x${String(index).padStart(40, '0')}`).join();
}

describe('GET /v1/holders/{address}/claimable', () => {
  test('is what the contract pays, in every asset, by the transactions of the answer', async () => {
    const { chain, friend, token, dollar, wrapped } = scene;
    const headers = { origin: 'https://wallet.example' };
    const response = await get(`/v1/holders/${friend}/claimable`, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const body = claimableSchema.parse(await response.json());
    const to = checksummed(token.address as Address);
    const dollars = { asset: checksummed(dollar.address as Address), symbol: null, decimals: 6 };
    expect(body).toMatchObject({
      address: checksummed(friend as Address),
      asOf: [{ chainId: chain.chainId }],
      steps: [
        {
          token: { chainId: chain.chainId, address: to, symbol: null },
          claims: [
            {
              snapshotId: 1,
              expiry: { snapshotsLeft: 1, isDue: true, earliest: { block: null } },
              link: `ethereum:${to}@${chain.chainId}/claim?uint256=1`,
            },
          ],
          pays: [
            { asset: 'native', amount: '32' },
            { ...dollars, amount: '320' },
          ],
          transaction: { to, method: 'claim', value: '0', gasUnavailable: null },
        },
      ],
      warnings: [
        {
          code: 'EXPIRES_WITH_NEXT_SNAPSHOT',
          snapshotId: 1,
          loses: [
            { asset: 'native', amount: '32' },
            { ...dollars, amount: '320' },
          ],
        },
      ],
      remains: [{ assets: [{ asset: 'native', claimable: '0' }, {}, {}], roundedToNothing: [] }],
      disagreements: [],
    });
    const [step] = body.steps;
    if (step === undefined) throw new Error('there is no step');
    expect(BigInt(step.transaction.gas ?? 0)).toBeGreaterThan(60_000n);
    const paid = await paidBy(chain, step.transaction, [dollar, wrapped]);
    expect([...paid.values()]).toEqual([32n, 320n, 0n]);
  });

  test('is not sent again to a client that has it', async () => {
    const path = `/v1/holders/${scene.founder}/claimable`;
    const first = await get(path);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(path, { headers: { 'if-none-match': tag } });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([
        304,
        etag,
        '',
      ]);
    }
    expect((await get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const head = await get(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
  });

  test('a claimable answer can be of one chain, or of an account without tokens', async () => {
    const path = `/v1/holders/${scene.token.address}/claimable`;
    const nobody = await get(`${path}?chainId=${scene.chain.chainId}`);
    expect(await nobody.json()).toMatchObject({ steps: [], remains: [], warnings: [] });
    expect(await problem(`${path}?chainId=5`)).toMatchObject({
      status: 404,
      code: 'UNKNOWN_CHAIN',
    });
  });

  test.each([
    ['/v1/holders/0x12/claimable', 400, 'BAD_ADDRESS'],
    ['/v1/holders/%E0%A4%A/claimable', 400, 'BAD_ADDRESS'],
    ['/v1/holders/0xe5018913F2fdf33971864804dDB5fcA25C539033/claimable', 400, 'BAD_ADDRESS'],
    [`/v1/holders/0x${'0'.repeat(39)}1/claimable?chainId=0x1`, 400, 'BAD_CHAINID'],
    [`/v1/holders/0x${'0'.repeat(39)}1/claimable?chainId=1&chainId=2`, 400, 'BAD_QUERY'],
    [`/v1/holders/0x${'0'.repeat(39)}1/claimable?at=7`, 400, 'BAD_QUERY'],
    ['/v1/holders', 404, 'NO_SUCH_PATH'],
    ['/v1', 404, 'NO_SUCH_PATH'],
    ['/v1/holders/a/claimable/b', 404, 'NO_SUCH_PATH'],
  ])('%s is refused: %i %s', async (path, status, code) => {
    expect(await problem(path)).toMatchObject({ status, code });
  });

  test('a person has the sums of its accounts, and the plan of each', async () => {
    const { chain, founder, friend } = scene;
    const of = (accounts: readonly string[]) => accounts.map((one) => `holder=${one}`).join('&');
    const query = `${of([friend, founder, friend])}&chainId=${chain.chainId}`;
    const description = await Description.of(api);
    const read = async (path: string, template: string) => {
      const response = await get(path);
      await description.assertFits(template, response.clone());
      return response.json();
    };
    const person = await read(`/v1/person?${query}`, '/v1/person');
    const comma = await read(`/v1/person?holder=${friend},${founder}`, '/v1/person');
    expect(comma).toEqual(person);
    const [one, other] = await Promise.all(
      [friend, founder].map((account) => read(`/v1/person?holder=${account}`, '/v1/person')),
    );
    expect(person.holders).toEqual([friend, founder].map((one) => checksummed(one as Address)));
    const sum = (...amounts: string[]) => String(amounts.reduce((all, x) => all + BigInt(x), 0n));
    const [[position], [first], [second]] = [person, one, other].map((body) => body.positions);
    expect(position.balance).toBe(sum(first.balance, second.balance));
    for (const [index, { asset, ...figures }] of position.entitlements.entries()) {
      const parts = [first, second].map(({ entitlements }) => entitlements[index]);
      expect(parts.map((part) => part.asset)).toEqual([asset, asset]);
      for (const [name, figure] of Object.entries(figures)) {
        expect([name, figure]).toEqual([name, sum(parts[0][name], parts[1][name])]);
      }
    }
    expect(position.entitlements).toHaveLength(3);
    const { plans } = await read(`/v1/person/claimable?${query}`, '/v1/person/claimable');
    const claimable = await read(
      `/v1/holders/${friend}/claimable`,
      '/v1/holders/{address}/claimable',
    );
    const own = plans.find(({ address }: typeof claimable) => address === claimable.address);
    expect(own?.steps).toEqual(claimable.steps);
  });

  test.each([
    ['/v1/person', 400, 'BAD_ADDRESS'],
    ['/v1/person?holder=', 400, 'BAD_ADDRESS'],
    ['/v1/person?holder=0xe5018913F2fdf33971864804dDB5fcA25C539033', 400, 'BAD_ADDRESS'],
    ['/v1/person/claimable?holder=0x12', 400, 'BAD_ADDRESS'],
    [`/v1/person?holder=${many(101)}`, 400, 'BAD_PERSON'],
    [`/v1/person?holder=${many(1)}&chainId=1&chainId=2`, 400, 'BAD_QUERY'],
  ])('%s is refused: %i %s', async (path, status, code) => {
    expect(await problem(path)).toMatchObject({ status, code });
  });

  test('other methods are refused, and the answer names the allowed ones', async () => {
    const path = `/v1/holders/${scene.friend}/claimable`;
    expect(await problem(path, { method: 'POST' })).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    const asked = await get(path, { method: 'OPTIONS' });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('hides internal details', async () => {
    const broken = await startTestApi(await emptyDatabase(), { logger: loggerInto(log) });
    const path = `/v1/holders/${scene.friend}/claimable`;
    const response = await fetch(`http://127.0.0.1:${broken.port}${path}`);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: 'INTERNAL',
      detail: 'something went wrong on the server',
    });
    expect(log.join()).toContain('chain_cursor');
    await broken.close();

    const unindexed = await startTestApi(await freshDatabase());
    const early = await fetch(`http://127.0.0.1:${unindexed.port}${path}`);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await early.json()).toMatchObject({ code: 'NOTHING_INDEXED' });
    await unindexed.close();
  });
});

describe('GET /v1/openapi.json', () => {
  test('is valid OpenAPI 3.1, passes a linter, and describes every answer and parameter', async () => {
    const response = await get('/v1/openapi.json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const document = await response.json();
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    const linter = '../../../scripts/lint-openapi.mjs';
    const { problemsOf } = await import(linter);
    expect(await problemsOf(JSON.stringify(document))).toEqual([]);
    const operation = document.paths['/v1/holders/{address}/claimable'].get;
    expect(operation.parameters).toMatchObject([
      { in: 'path', name: 'address', required: true, schema: { type: 'string' } },
      { in: 'query', name: 'chainId', schema: { type: 'string' } },
    ]);
    expect(operation.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/Claimable',
    });
    expect(operation.responses.default.content).toHaveProperty(['application/problem+json']);
    expect(document.components.schemas.Claimable.required).toContain('warnings');
    const exported = document.paths['/v1/export/{dataset}'].get;
    expect(exported.parameters[0].schema.enum).toEqual(DATASETS.map(({ name }) => name));
    expect(Object.keys(exported.responses['200'].content)).toHaveLength(EXPORT_FORMATS.length);
  });

  test('real answers are as it says, errors and what is not sent again included', async () => {
    const described = await Description.of(api);
    const { friend, founder, payer, chain } = scene;
    const claimable = '/v1/holders/{address}/claimable';
    const at = (address: string, query = '') => `/v1/holders/${address}/claimable${query}`;
    const { headers } = await get(at(founder));
    const etag = headers.get('etag') ?? '';
    const asked: [string, string, number, RequestInit?][] = [
      [claimable, at(friend), 200],
      [claimable, at(founder, `?chainId=${chain.chainId}`), 200],
      [claimable, at(payer), 200],
      [claimable, at(founder), 304, { headers: { 'if-none-match': etag } }],
      [claimable, at('0x12'), 400],
      [claimable, at(founder, '?chainId=x'), 400],
      [claimable, at(founder, '?other=1'), 400],
      [claimable, at(founder, '?chainId=77'), 404],
      [claimable, at(founder), 405, { method: 'POST' }],
      ['/v1/export', '/v1/export', 200],
      ['/v1/export/{dataset}', '/v1/export/claims', 200],
      ['/v1/export/{dataset}', '/v1/export/claims?format=jsonl', 200],
      ['/v1/export/{dataset}', '/v1/export/claims?format=parquet', 200],
      ['/v1/export/{dataset}', '/v1/export/claims?format=x', 400],
      ['/v1/export/{dataset}', '/v1/export/nothing', 404],
    ];
    for (const [path, url, status, init] of asked) {
      const response = await get(url, init);
      expect([url, response.status]).toEqual([url, status]);
      await described.assertFits(path, response);
    }
  });

  test('the refusal of a client that asks too often matches the description, for any path', async () => {
    const serving = servingField('.').parse({
      rateLimit: { requests: 1, perSeconds: 600 },
      trustedProxies: ['loopback'],
    });
    const limited = await startTestApi(databaseUrl, { serving, logger: loggerInto([]) });
    const described = await Description.of(api);
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const ask = (path: string) => fetch(`http://127.0.0.1:${limited.port}${path}`, { headers });
    await ask('/v1/export');
    const holder = await ask(`/v1/holders/${scene.friend}/claimable`);
    expect(holder.status).toBe(429);
    await described.assertFits('/v1/holders/{address}/claimable', holder);
    const exported = await ask('/v1/export/claims');
    expect(exported.status).toBe(429);
    await described.assertFits('/v1/export/{dataset}', exported);
    await limited.close();
  });
});
