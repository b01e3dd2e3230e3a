import { buildSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { QueryCosts } from '../../../src/api/limits/cost/cost.js';
import { unboundedLists } from '../../../src/api/limits/cost/listBounds.js';
import { SERIES_ROWS_AT_MOST } from '../../../src/api/limits/cost/seriesSize.js';
import { RequestBudget } from '../../../src/api/request/budget.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import { IncomeSource } from '../../../src/api/values/enums.js';
import { SERVING_DEFAULTS } from '../../../src/config/serving.js';

const schema = buildApiSchema();
const costs = new QueryCosts(schema);
const costOf = (query: string, variables = {}) => costs.of(parse(query), null, variables);
const { cost: LIMIT } = SERVING_DEFAULTS.limits;

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

describe('the size of lists', () => {
  test('every field that yields a list has a bound in the cost model', () => {
    expect(unboundedLists(schema)).toEqual([]);
  });

  test('a list without pages that nobody gave a bound is found', () => {
    const other = buildSchema(
      'type Query { rows: [Int!]! page(first: Int): Page! } type Page { nodes: [Int!]! }',
    );
    expect(unboundedLists(other)).toEqual(['Query.rows']);
  });

  test('a list may not have more entries than its query was charged for', () => {
    const { entries } = costOf('{ status { chainId held { reason } } }');
    const budget = new RequestBudget(() => entries);
    budget.spendEntries('ChainStatus.held', 1_000);
    expect(() => budget.spendEntries('ChainStatus.held', 1)).toThrow(
      'more than 1000 entries of ChainStatus.held',
    );
  });

  test('tokens that were indexed since the books were measured count too', () => {
    const query = parse(`{ holder(address: "0x${'1'.repeat(40)}") { positions { balance } } }`);
    const empty = { millions: 0.005, tokens: 2, chains: 1 };
    expect(costs.of(query, null, {}, empty).entries.get('Holder.positions')).toBe(500);
  });

  test('lists in lists count the rows of both, or their least together', () => {
    const holder = (inner: string) =>
      `{ holder(address: "0x${'1'.repeat(40)}") { positions { ${inner} } } }`;
    // holder, positions; for each of 500 positions entitlement and snapshots; 20 for each of them.
    expect(costOf(holder('entitlement { snapshots { snapshotId state } }')).values).toBe(
      2 + 500 * 2 + 500 * 20 * 2,
    );
    const few = `{ holders(chainId: 1, token: "0x${'1'.repeat(40)}", first: 2) { nodes { entitlement { snapshots { state } } } } }`;
    expect(costOf(few).values).toBe(2 + 2 * 2 + 5_000);
  });
});

describe('the size of series', () => {
  const totals = (args: string, fields = 'from') => `{ receiptTotals(${args}) { ${fields} } }`;
  /** And receipts without one. */
  const SOURCES = Object.keys(IncomeSource).length + 1;
  const ONE_CHAIN = 'filter: {chainId: 1}';

  test('it is the steps times the groups', () => {
    const year = '{gte: "2025-01-01T00:00:00Z", lte: "2025-12-31T00:00:00Z"}';
    const filter = `filter: {chainId: 1, timestamp: ${year}}`;
    expect(costOf(totals(`interval: MONTH, ${filter}`)).values).toBe(1 + 15);
    expect(costOf(totals(`interval: WEEK, ${filter}`)).values).toBe(1 + 54);
    expect(costOf(totals(`interval: MONTH, groupBy: [SOURCE], ${filter}`)).values).toBe(
      1 + 15 * SOURCES,
    );
    expect(costOf(totals(`interval: HOUR, ${filter}`)).values).toBe(1 + 364 * 24 + 2);
  });

  test('it is the same if the arguments are variables', () => {
    const query = `query ($step: Interval = MONTH, $filter: ReceiptFilter, $by: [ReceiptGroupBy!]!) {
      receiptTotals(interval: $step, filter: $filter, groupBy: $by) { from } }`;
    const timestamp = { gte: '2025-01-01T00:00:00Z', lte: '2025-12-31T00:00:00Z' };
    const filter = { chainId: 1, timestamp };
    expect(costOf(query, { filter, by: [] }).values).toBe(1 + 15);
    expect(costOf(query, { filter, by: ['SOURCE'], step: 'WEEK' }).values).toBe(1 + 54 * SOURCES);
  });

  test('groups and times without an end have the most that a series may have', () => {
    expect(costOf(totals(`groupBy: [PAYER], ${ONE_CHAIN}`)).values).toBe(1 + SERIES_ROWS_AT_MOST);
    expect(costOf(totals(`interval: HOUR, ${ONE_CHAIN}`)).values).toBe(1 + 10_000);
    expect(costOf(totals(`interval: DAY, groupBy: [TOKEN]`)).values).toBe(1 + SERIES_ROWS_AT_MOST);
  });

  test('a series over all time with all of its figures may be asked for', () => {
    const fields = 'from to count chainId amountWei { sum min max }';
    expect(costOf(totals(`interval: HOUR, ${ONE_CHAIN}`, fields)).points).toBeLessThan(LIMIT);
    expect(costOf(totals(`interval: DAY, groupBy: [TOKEN]`, fields)).points).toBeLessThan(LIMIT);
  });

  test.each([
    [
      '240 aliases of the step of hourly totals',
      `{ receiptTotals(groupBy: [TOKEN], interval: HOUR, filter: {timestamp: {gte: "2025-10-09T00:00:00Z"}}) { ${aliases(240, 'from')} } }`,
    ],
    [
      '150 aliases of hourly claims',
      `{ ${aliases(150, 'claimTotals(interval: HOUR) { count }')} }`,
    ],
    [
      '200 aliases of revenue by payer',
      `{ ${aliases(200, `revenue(chainId: 1, token: "0x${'1'.repeat(40)}", groupBy: PAYER) { payer }`)} }`,
    ],
    [
      'snapshots of the entitlements of many holders',
      `{ holders(chainId: 1, token: "0x${'1'.repeat(40)}", first: 1000) { nodes { ${aliases(50, 'entitlement { snapshots { state } }')} } } }`,
    ],
  ])('%s cost too much', (_, query) => {
    expect(costOf(query).points).toBeGreaterThan(LIMIT);
  });
});

test('long texts count by their bytes, up to those of the largest answer', () => {
  const prompts = (first: number, bytes: number) =>
    costOf(`{ aigcTokens(first: ${first}) { nodes { prompt(limitBytes: ${bytes}) { text } } } }`)
      .values;
  expect(prompts(10, 2_000)).toBe(2 + 20 + 10 * 10);
  expect(prompts(1_000, 1_000_000)).toBe(2 + 2_000 + 100_000);
});

describe('the cost of the database', () => {
  const holders = (args: string) =>
    costOf(`{ holders(chainId: 1, token: "0x${'1'.repeat(40)}", ${args}) { nodes { balance } } }`)
      .database;

  test('a list that examines all holders costs more than one that an index has', () => {
    expect(holders('first: 100')).toBe(30);
    expect(holders('first: 100, at: null')).toBe(30);
    expect(holders('first: 100, at: {block: 5}')).toBe(330);
    expect(holders('first: 1, at: {block: 5}, orderBy: CLAIMED')).toBe(70_021);
    expect(holders('first: 1, at: {block: 5}, filter: {minClaimedWei: "1"}')).toBe(70_021);
    expect(holders('orderBy: CLAIMABLE')).toBe(3_025);
    expect(holders('orderBy: CLAIMABLE, direction: ASC')).toBe(200_025);
    expect(holders('filter: {minClaimableWei: "1"}')).toBe(200_025);
    expect(holders('where: {_and: [{claimableWei: {_gt: "1"}}]}')).toBe(200_025);
  });

  test('an index fulfils some filters, others read the list to its end', () => {
    const receipts = (args: string) => costOf(`{ receipts(${args}) { nodes { id } } }`).database;
    expect(receipts(`filter: {chainId: 1, payer: "0x${'1'.repeat(40)}"}`)).toBe(25);
    expect(receipts('where: {amountWei: {_eq: "1"}}')).toBe(4_025);
    expect(receipts('filter: {minAmountWei: "1"}')).toBe(4_025);
  });

  test('it depends on the size of the books, which is known before anything is read', () => {
    const [query, small] = ['{ tokens { totalCount } }', { millions: 0.01, tokens: 2, chains: 1 }];
    expect(costs.of(parse(query), null, {}).database).toBe(25 + 2_000);
    expect(costs.of(parse(query), null, {}, small).database).toBe(25 + 20);
    const held = `{ holder(address: "0x${'1'.repeat(40)}") { positions { balance } } }`;
    expect(costs.of(parse(held), null, {}, small).values).toBe(2 + 2);
  });

  test('totals in a currency over a million rows are answered, over many more they are refused before they run', () => {
    const query = parse(
      `{ receiptTotals(filter: {chainId: 1}, interval: DAY, currency: "EUR") { amountWei { value { amount } } } }`,
    );
    const pointsOf = (millions: number) =>
      costs.of(query, null, {}, { millions, tokens: 2, chains: 1 }).points;
    // A row may take twice the bytes that sizes are computed with.
    expect(pointsOf(2)).toBeLessThan(LIMIT);
    expect(pointsOf(3)).toBeGreaterThan(LIMIT);
  });

  test('it counts for each row of the field', () => {
    const dust = `{ snapshots(chainId: 1, token: "0x${'1'.repeat(40)}", first: 20) { nodes { dustWei } } }`;
    expect(costOf(dust).database).toBe(22 + 20 * 20_000);
  });
});
