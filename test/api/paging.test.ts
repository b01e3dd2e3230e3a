import { execute, parse } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext, createServices } from '../../src/api/context.js';
import { buildApiSchema } from '../../src/api/schema.js';
import { FILLED_ADDRESS, fillEveryTable } from '../support/manyRows.js';
import { freshDatabase } from '../support/postgres.js';

const ROWS = 100_000;
const MIDDLE = ROWS / 2;
const accountOf = (row: number) => `0x${row.toString(16).padStart(40, '0')}`;

let pool: pg.Pool;
const schema = buildApiSchema();

beforeAll(async () => {
  const url = await freshDatabase();
  await fillEveryTable(url, ROWS);
  pool = new pg.Pool({ connectionString: url, max: 4, options: '-c jit=off -c work_mem=32MB' });
});
afterAll(() => pool.end());

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Asks, and counts the pages of the database that all statements of the answer touch. */
async function measure(query: string) {
  let pages = 0;
  const db = {
    async query<Row extends pg.QueryResultRow>({ text, values }: pg.QueryConfig<unknown[]>) {
      const explained = await pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
        text: `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`,
        values,
      });
      const plan = explained.rows[0]?.['QUERY PLAN'][0].Plan;
      pages += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
      return pool.query<Row>({ text, values });
    },
  };
  const { data, errors } = await execute({
    schema,
    document: parse(query),
    contextValue: createContext(createServices(db, [])),
  });
  expect(errors).toBeUndefined();
  const list = Object.values(data ?? {})[0] as {
    readonly nodes: readonly unknown[];
    readonly pageInfo: { readonly endCursor: string };
  };
  return { pages, rows: list.nodes.length, endCursor: list.pageInfo.endCursor };
}

const AMOUNT = 'orderBy: AMOUNT,';
const HOLDERS = `chainId: 1, token: "${FILLED_ADDRESS}",`;

/** Lists, each with what its 50,000th row alone fulfils. */
const LISTS: readonly [list: string, args: string, middle: string][] = [
  ['receipts', '', `block: { _eq: ${MIDDLE} }`],
  ['receipts', AMOUNT, `amountWei: { _eq: "${MIDDLE}" }`],
  ['claims', '', `block: { _eq: ${MIDDLE} }`],
  ['claims', AMOUNT, `amountWei: { _eq: "${MIDDLE}" }`],
  ['redemptions', '', `block: { _eq: ${MIDDLE} }`],
  ['redemptions', AMOUNT, `amountWei: { _eq: "${MIDDLE}" }`],
  ['transfers', '', `block: { _eq: ${MIDDLE} }`],
  ['journal', '', `block: { _eq: ${MIDDLE} }`],
  ['requests', '', `block: { _eq: ${MIDDLE} }`],
  ['results', '', `block: { _eq: ${MIDDLE} }`],
  ['mints', '', `block: { _eq: ${MIDDLE} }`],
  ['saleEntries', '', `block: { _eq: ${MIDDLE} }`],
  ['aigcTokens', '', `tokenId: { _eq: "${MIDDLE}" }`],
  ['participations', '', `participant: { _eq: "${accountOf(MIDDLE)}" }`],
  ['holders', HOLDERS, `address: { _eq: "${accountOf(MIDDLE)}" }`],
  ['holders', `${HOLDERS} orderBy: CLAIMED,`, `address: { _eq: "${accountOf(MIDDLE)}" }`],
];

const PAGE = 20;

describe(`a page in the middle of ${ROWS} rows costs what the first one does`, () => {
  test.each(LISTS)('%s %s', async (list, args, middle) => {
    const fields = 'nodes { __typename } pageInfo { endCursor }';
    for (const direction of ['ASC', 'DESC']) {
      const ask = (more: string) =>
        measure(`{ ${list}(${args} direction: ${direction}, ${more}) { ${fields} } }`);
      const first = await ask(`first: ${PAGE}`);
      const { endCursor } = await ask(`first: 1, where: { ${middle} }`);
      const deep = await ask(`first: ${PAGE}, after: "${endCursor}"`);
      const back = await ask(`last: ${PAGE}, before: "${endCursor}"`);
      for (const page of [first, deep, back]) expect(page.rows).toBe(PAGE);
      // The whole table has thousands: of each row, a few pages of its indexes.
      expect(first.pages).toBeLessThan(500);
      expect(deep.pages).toBeLessThanOrEqual(first.pages * 1.5 + 30);
      expect(back.pages).toBeLessThanOrEqual(first.pages * 1.5 + 30);
    }
  });
});

describe('what must hold is found by index', () => {
  test.each([
    ['claims', `holder: { _eq: "${accountOf(7)}" }`],
    ['redemptions', `_and: [{ holder: { _in: ["${accountOf(7)}"] } }]`],
    ['requests', 'modelId: { _eq: "7" }'],
    ['results', 'requestId: { _eq: "7" }'],
    ['saleEntries', `participant: { _eq: "${accountOf(7)}" }`],
    ['transfers', 'block: { _gte: 7, _lt: 8 }'],
    ['receipts', 'timestamp: { _lt: "2024-12-31T00:00:00Z" }'],
  ])('%s where %s', async (list, where) => {
    const { pages, rows } = await measure(
      `{ ${list}(where: { ${where} }) { nodes { __typename } pageInfo { endCursor } } }`,
    );
    expect(rows).toBeLessThanOrEqual(1);
    expect(pages).toBeLessThan(60);
  });
});
