import { createHash } from 'node:crypto';
import { execute, getNamedType, parse } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext, createServices } from '../../../src/api/request/context.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import { makeDeferredIndexes } from '../../../src/store/database/deferredIndexes.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { planOf, type Reading } from '../../support/databases/queryPlan.js';
import { isConnection } from '../../support/lists.js';
import { BUSY_ID, FILLED_ADDRESS, fillEveryTable } from '../../support/scenes/manyRows.js';

const ROWS = 20_000;
const MIDDLE = ROWS / 2;
/** So that the row in the middle begins page 10,000. */
const PAGE = 1;
const accountOf = (row: number) => `0x${row.toString(16).padStart(40, '0')}`;

let pool: pg.Pool;
const schema = buildApiSchema();

beforeAll(async () => {
  const url = await freshDatabase();
  await fillEveryTable(url, ROWS);
  await makeDeferred(url);
  pool = new pg.Pool({ connectionString: url, max: 4, options: '-c jit=off -c work_mem=32MB' });
});
afterAll(() => pool.end());

async function makeDeferred(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  expect(await makeDeferredIndexes(client)).toBe(true);
  await client.end();
}

interface List {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly endCursor: string };
}

/** Asks, and counts what all statements of the answer read. */
async function measure(query: string) {
  const total = { pages: 0, rows: 0, bytes: 0 };
  const db = {
    async query<Row extends pg.QueryResultRow>({ text, values }: pg.QueryConfig<unknown[]>) {
      const reading: Reading = await planOf(pool, text, values);
      total.pages += reading.pages;
      total.rows += reading.rows;
      const result = await pool.query<Row>({ text, values });
      for (const value of result.rows.flatMap((row) => Object.values(row))) {
        total.bytes += Buffer.isBuffer(value) ? value.length : String(value).length;
      }
      return result;
    },
  };
  const { data, errors } = await execute({
    schema,
    document: parse(query),
    contextValue: createContext(createServices(db, [])),
  });
  expect(errors).toBeUndefined();
  const { nodes, pageInfo } = listIn(data);
  return { ...total, length: nodes.length, endCursor: pageInfo.endCursor };
}

/** The innermost list of an answer with one path to it. */
function listIn(data: unknown): List {
  const [inner] = Object.values(data as Record<string, unknown>);
  if (Array.isArray(inner)) return listIn(inner[0]);
  const list = inner as List & { readonly nodes: readonly Record<string, unknown>[] };
  if (list.pageInfo !== undefined) return list;
  return listIn(list);
}

const AMOUNT = 'orderBy: AMOUNT,';
const TOKEN = `chainId: 1, token: "${FILLED_ADDRESS}",`;
const BLOCK = `block: { _eq: ${MIDDLE} }`;
const AMOUNT_WEI = `amountWei: { _eq: "${MIDDLE}" }`;
const ADDRESS = `address: { _eq: "${accountOf(MIDDLE)}" }`;
const PARTICIPANT = `participant: { _eq: "${accountOf(MIDDLE)}" }`;
const SNAPSHOT = `snapshotId: { _eq: ${MIDDLE} }`;

/** Lists, each with what its 10,000th row alone fulfils. */
const LISTS: readonly [list: string, args: string, middle: string][] = [
  ['receipts', '', BLOCK],
  ['receipts', AMOUNT, AMOUNT_WEI],
  ['claims', '', BLOCK],
  ['claims', AMOUNT, AMOUNT_WEI],
  ['redemptions', '', BLOCK],
  ['redemptions', AMOUNT, AMOUNT_WEI],
  ['transfers', '', BLOCK],
  ['transfers', AMOUNT, `amount: { _eq: "${MIDDLE}" }`],
  ['journal', '', BLOCK],
  ['journal', AMOUNT, AMOUNT_WEI],
  ['requests', '', BLOCK],
  ['requests', AMOUNT, `fee: { _eq: "${MIDDLE}" }`],
  ['results', '', BLOCK],
  ['mints', '', BLOCK],
  ['mints', AMOUNT, `paidWei: { _eq: "${MIDDLE}" }`],
  ['saleEntries', '', BLOCK],
  ['saleEntries', AMOUNT, `raiseAmount: { _eq: "${MIDDLE}" }`],
  ['prices', '', BLOCK],
  ['prices', AMOUNT, `answer: { _eq: "${MIDDLE}" }`],
  ['aigcTokens', '', `tokenId: { _eq: "${MIDDLE}" }`],
  ['aigcTokens', 'orderBy: TOKEN_ID,', `tokenId: { _eq: "${MIDDLE}" }`],
  ['participations', '', PARTICIPANT],
  ['participations', 'orderBy: DEPOSITED,', PARTICIPANT],
  ['holders', TOKEN, ADDRESS],
  ['holders', `${TOKEN} orderBy: CLAIMED,`, ADDRESS],
  ['holders', `${TOKEN} orderBy: REDEEMED,`, ADDRESS],
  ['snapshots', TOKEN, SNAPSHOT],
  ['snapshots', `${TOKEN} orderBy: CLAIMABLE,`, SNAPSHOT],
  ['snapshots', `${TOKEN} orderBy: NEW_REVENUE,`, SNAPSHOT],
];

const MODELS = 'models(first: 1) { nodes {';
const BUSY_REQUEST = `requests(where: { requestId: { _eq: "${BUSY_ID}" } }) { nodes {`;
const BUSY_TOKEN = `aigcTokens(where: { tokenId: { _eq: "${BUSY_ID}" } }) { nodes {`;

/** Lists inside a row. */
const INNER: readonly [outer: string, list: string, args: string, middle: string][] = [
  [MODELS, 'changes', '', BLOCK],
  [MODELS, 'payouts', '', BLOCK],
  [MODELS, 'payouts', AMOUNT, `amount: { _eq: "${MIDDLE}" }`],
  [BUSY_REQUEST, 'resultsConnection', '', BLOCK],
  [BUSY_TOKEN, 'ownerHistory', '', BLOCK],
  [BUSY_TOKEN, 'dataHistory', '', BLOCK],
];

const PAGE_FIELDS = 'nodes { __typename } pageInfo { endCursor }';

/** The first page and page 10,000, read on and read back. */
async function expectSameCost(
  ask: (page: string) => ReturnType<typeof measure>,
  middle: string,
  pagesBeside = 0,
): Promise<void> {
  const first = await ask(`first: ${PAGE}`);
  const { endCursor } = await ask(`first: 1, where: { ${middle} }`);
  const deep = await ask(`first: ${PAGE}, after: "${endCursor}"`);
  const back = await ask(`last: ${PAGE}, before: "${endCursor}"`);
  for (const page of [first, deep, back]) expect(page.length).toBe(PAGE);
  // Of each row a few pages of its indexes; the whole table has hundreds.
  expect(first.pages - pagesBeside).toBeLessThan(200);
  for (const page of [deep, back]) {
    expect(page.pages).toBeLessThanOrEqual(first.pages * 1.5 + 30);
    // A list in several parts reads one page of each.
    expect(page.rows).toBeLessThanOrEqual(first.rows + 2 * PAGE);
  }
}

describe('page 10,000 reads no more rows than the first page', () => {
  test.each(LISTS)('%s %s', async (list, args, middle) => {
    for (const direction of ['ASC', 'DESC']) {
      const ask = (page: string) =>
        measure(`{ ${list}(${args} direction: ${direction}, ${page}) { ${PAGE_FIELDS} } }`);
      await expectSameCost(ask, middle);
    }
  });

  test.each(INNER)('%s %s %s', async (outer, list, args, middle) => {
    const beside = await measure(`{ ${outer} __typename } pageInfo { endCursor } } }`);
    for (const direction of ['ASC', 'DESC']) {
      const ask = (page: string) =>
        measure(
          `{ ${outer} ${list}(${args} direction: ${direction}, ${page}) { ${PAGE_FIELDS} } } } }`,
        );
      await expectSameCost(ask, middle, beside.pages);
    }
  });
});

/** Lists in memory of what the config names, and why. */
const OF_CONTRACTS: Readonly<Record<string, string>> = {
  tokens: 'one for each token',
  collections: 'one for each collection',
  sales: 'one for each sale',
  depositPools: 'one for each pool',
  models: 'those of each oracle',
  accounts: 'the accounts of the books of one contract',
};

/**
 * The lists with more orders than are compared above. Holders by claimable revenue are in
 * `test/api/reads/claimableLeaders.test.ts`: this token has as many open snapshots as others have holders.
 */
const AT_OLD_BLOCKS = [
  ...LISTS.map(([list, args]) => [list, args] as const),
  ['holders', `${TOKEN} orderBy: BALANCE,`],
  ['poolShares', ''],
  ['poolShares', 'orderBy: SHARES,'],
] as const;
/** The accounts of all holders have 400 kB, those of half of them 200 kB. */
const BYTES_AT_MOST = 60_000;

describe('a page at an old block takes little from the database, however long the list is', () => {
  test.each(AT_OLD_BLOCKS)('%s %s', async (list, args) => {
    for (const direction of ['ASC', 'DESC']) {
      const page = `direction: ${direction}, at: { block: ${MIDDLE} }, first: 2`;
      const { bytes, length } = await measure(`{ ${list}(${args} ${page}) { ${PAGE_FIELDS} } }`);
      expect(length).toBe(2);
      expect(bytes).toBeLessThan(BYTES_AT_MOST);
    }
  });

  test('every list is among them, or is a list of contracts', () => {
    const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
      ({ type, args }) =>
        isConnection(getNamedType(type)) && args.some(({ name }) => name === 'at'),
    );
    const known = new Set([...AT_OLD_BLOCKS.map(([list]) => list), ...Object.keys(OF_CONTRACTS)]);
    expect(lists.map(({ name }) => name).toSorted()).toEqual([...known].toSorted());
  });
});

describe('the rows of a transaction are found by index, in every list of operations', () => {
  const hashOf = (row: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(row);
    return `0x${createHash('sha256').update(bytes).digest('hex')}`;
  };
  const one = `where: { transactionHash: { _eq: "${hashOf(MIDDLE)}" } }`;
  const two = `where: { transactionHash: { _in: ["${hashOf(MIDDLE)}", "${hashOf(7)}"] } }`;
  const filter = `filter: { transactionHash: "${hashOf(MIDDLE)}" }`;

  test.each([
    ['receipts', [one, two, filter, `orderBy: AMOUNT, ${one}`]],
    ['claims', [one, two, filter, `orderBy: AMOUNT, ${one}`]],
    ['redemptions', [one, two, filter, `orderBy: AMOUNT, ${one}`]],
    ['transfers', [one, two, filter, `orderBy: AMOUNT, ${one}`]],
    ['journal', [one, two, filter, `orderBy: AMOUNT, ${one}`]],
    ['requests', [one, two, filter, `orderBy: AMOUNT, ${one}`]],
    ['mints', [one, two, `orderBy: AMOUNT, ${one}`]],
    ['saleEntries', [one, two, `orderBy: AMOUNT, ${one}`]],
    ['results', [one, two], 2],
  ])('%s', async (list, questions, rowsOfEach = 1) => {
    for (const args of questions) {
      const { pages, rows, length } = await measure(
        `{ ${list}(${args}) { nodes { __typename } pageInfo { endCursor } } }`,
      );
      expect([length, args]).toEqual([(args === two ? 2 : 1) * rowsOfEach, args]);
      expect([args, pages < 60, rows < 30], `${pages} pages, ${rows} rows`).toEqual([
        args,
        true,
        true,
      ]);
    }
  });
});

describe('the rows of a required condition are found by index', () => {
  test.each([
    ['claims', `holder: { _eq: "${accountOf(7)}" }`],
    ['redemptions', `_and: [{ holder: { _in: ["${accountOf(7)}"] } }]`],
    ['requests', `modelId: { _eq: "${BUSY_ID}" }`],
    ['results', 'requestId: { _eq: "7" }'],
    ['saleEntries', `participant: { _eq: "${accountOf(7)}" }`],
    ['transfers', 'block: { _gte: 7, _lt: 8 }'],
    ['receipts', 'timestamp: { _gte: "2025-01-01T00:00:36Z", _lt: "2025-01-01T00:00:48Z" }'],
  ])('%s where %s', async (list, where) => {
    const { pages, length } = await measure(
      `{ ${list}(where: { ${where} }) { nodes { __typename } pageInfo { endCursor } } }`,
    );
    expect(length).toBeLessThanOrEqual(1);
    expect(pages).toBeLessThan(60);
  });
});
