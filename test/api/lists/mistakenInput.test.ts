import { expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import { timeOf } from '../../store/read/actions.js';
import { ALICE, WINDOWED } from '../../store/read/scenario.js';
import { subscribeSse } from '../live/clients.js';
import { serveScenario } from '../servedScenario.js';
import { askData, askError } from '../support.js';

const { api } = await serveScenario();

const NOBODY = `0x${'77'.repeat(20)}`;
const LISTS = ['receipts', 'claims', 'redemptions', 'transfers', 'journal'];
const TOTALS = ['receiptTotals', 'claimTotals', 'redemptionTotals'];

const time = (block: number) => timeOf(block).toISOString();

/** Asks every list and all totals with the arguments. */
async function everywhere(args: string, expected: object): Promise<void> {
  for (const name of [...LISTS, ...TOTALS]) {
    const fields = TOTALS.includes(name) ? 'count' : 'totalCount';
    const error = await askError(api, `{ ${name}(${args}) { ${fields} } }`);
    expect({ name, ...error }).toMatchObject(expected);
  }
}

test.each([
  ['a first block', 'filter: { chainId: 1, block: { gte: 56 } }'],
  ['a last block', 'filter: { chainId: 1, block: { lte: 56 } }'],
  ['a first block by conditions', 'where: { chainId: { _eq: 1 }, block: { _gte: 70 } }'],
  ['a first time', `filter: { timestamp: { gte: "${time(61)}" } }`],
  ['a moment', `at: { timestamp: "${time(61)}" }`],
])('%s beyond what is indexed is refused, and not answered by nothing', async (_, args) => {
  await everywhere(args, { code: 'BLOCK_NOT_INDEXED' });
});

test('a Unix time in place of a block is refused with the time that it means', async () => {
  const hint = expect.stringContaining('1767225600 looks like a Unix time');
  await everywhere('filter: { chainId: 1, block: { gte: 1767225600 } }', { hint });
  await everywhere('filter: { chainId: 1 }, at: { block: 1767225600 }', { hint });
});

test.each([
  ['a last block', 'filter: { chainId: 1, block: { lte: 9 } }'],
  ['a last time', `filter: { chainId: 1, timestamp: { lte: "${time(9)}" } }`],
  ['a moment', 'filter: { chainId: 1 }, at: { block: 9 }'],
  ['a time for all chains', 'at: { timestamp: "2001-01-01T00:00:00Z" }'],
])('%s before the start is refused', async (_, args) => {
  await everywhere(args, { code: 'BEFORE_START' });
});

test('lists of contracts refuse a moment before the start too', async () => {
  for (const list of ['tokens', 'sales', 'collections', 'models', 'participations']) {
    const query = `{ ${list}(at: { timestamp: "2001-01-01T00:00:00Z" }) { totalCount } }`;
    expect(await askError(api, query)).toMatchObject({ code: 'BEFORE_START' });
  }
});

test('a range that ends before it starts is refused', async () => {
  await everywhere('filter: { block: { gte: 30, lte: 20 } }', { code: 'BAD_RANGE' });
  await everywhere('where: { block: { _gt: 30, _lt: 20 } }', { code: 'BAD_RANGE' });
  const query = '{ receipts(filter: { amountWei: { gte: "5", lte: "4" } }) { totalCount } }';
  expect(await askError(api, query)).toMatchObject({ code: 'BAD_RANGE' });
});

test('a time that has not come yet may end a range: the answer names its block', async () => {
  const { receipts } = await askData(
    api,
    '{ receipts(filter: { timestamp: { lte: "2099-01-01T00:00:00Z" } }) { totalCount asOf { block } } }',
  );
  expect(receipts).toEqual({ totalCount: 7, asOf: [{ block: 55 }, { block: 60 }] });
});

test('contracts and chains that are not indexed are refused in conditions', async () => {
  for (const comparison of [`_eq: "${NOBODY}"`, `_in: ["${WINDOWED}", "${NOBODY}"]`]) {
    for (const where of [
      `{ token: { ${comparison} } }`,
      `{ _or: [{ token: { ${comparison} } }, { block: { _gt: 1 } }] }`,
    ]) {
      for (const name of LISTS.filter((list) => list !== 'journal')) {
        const error = await askError(api, `{ ${name}(where: ${where}) { totalCount } }`);
        expect(error).toMatchObject({ code: 'UNKNOWN_CONTRACT' });
        expect(error.message).toContain(checksummed(NOBODY as `0x${string}`));
      }
    }
  }
  await everywhere('where: { chainId: { _eq: 5 } }', { code: 'UNKNOWN_CHAIN' });
  const places = [
    `sales(filter: { token: "${NOBODY}" }) { totalCount }`,
    `participations(where: { sale: { _eq: "${NOBODY}" } }) { totalCount }`,
    `saleEntries(filter: { token: "${NOBODY}" }) { totalCount }`,
    `aigcTokens(where: { collection: { _eq: "${NOBODY}" } }) { totalCount }`,
    `results(where: { oracle: { _eq: "${NOBODY}" } }) { totalCount }`,
  ];
  for (const place of places) {
    expect(await askError(api, `{ ${place} }`)).toMatchObject({ code: 'UNKNOWN_CONTRACT' });
  }
  expect(
    await askError(api, '{ prices(filter: { currency: "EUR" }) { totalCount } }'),
  ).toMatchObject({
    code: 'UNKNOWN_FEED',
  });
  expect(await askError(api, '{ priceFeeds(chainId: 5) { currency } }')).toMatchObject({
    code: 'UNKNOWN_CHAIN',
  });
});

test('a subscription to what is not indexed is refused, and not silent', async () => {
  for (const [text, code] of [
    [`holder(address: "${ALICE}", token: "${NOBODY}") { address }`, 'UNKNOWN_TOKEN'],
    [`holder(address: "${ALICE}", chainId: 5) { address }`, 'UNKNOWN_CHAIN'],
    ['status(chainId: 5) { chainId }', 'UNKNOWN_CHAIN'],
    ['claims(chainId: 5) { added { id } }', 'UNKNOWN_CHAIN'],
    [`transfers(token: "${NOBODY}") { added { id } }`, 'UNKNOWN_TOKEN'],
  ]) {
    const subscription = await subscribeSse(api, `subscription { ${text} }`);
    const { errors } = await subscription.next();
    expect([text, errors?.[0]?.extensions.code]).toEqual([text, code]);
    await subscription.close();
  }
});

test('a parameter that a URL has twice is refused: only one of them would count', async () => {
  const query = encodeURIComponent('{ status { chainId } }');
  const response = await fetch(`${api.url}?query=${query}&query=${query}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('the parameter \\"query\\" is given twice');
});

test('a snapshot that does not exist is refused, by filter and by conditions, with the newest one', async () => {
  for (const args of [
    'filter: { snapshotId: 999 }',
    'filter: { snapshotId: 0 }',
    'where: { snapshotId: { _eq: 999 } }',
    'where: { _or: [{ snapshotId: { _in: [1, 999] } }, { block: { _gt: 1 } }] }',
  ]) {
    for (const list of ['claims', 'claimTotals']) {
      const error = await askError(
        api,
        `{ ${list}(${args}) { ${list === 'claims' ? 'totalCount' : 'count'} } }`,
      );
      expect({ args, ...error }).toMatchObject({ code: 'UNKNOWN_SNAPSHOT' });
    }
  }
  const query = `{ snapshots(chainId: 1, token: "${WINDOWED}", where: { snapshotId: { _eq: 999 } }) { totalCount } }`;
  expect(await askError(api, query)).toMatchObject({ code: 'UNKNOWN_SNAPSHOT' });
});

test.each([
  ['modelId', 'UNKNOWN_MODEL', ['models', 'requests', 'aigcTokens']],
  ['requestId', 'UNKNOWN_REQUEST', ['requests', 'results']],
  ['tokenId', 'UNKNOWN_TOKEN_ID', ['aigcTokens']],
])('a %s that does not exist is refused, by filter and by conditions', async (id, code, lists) => {
  for (const list of lists) {
    for (const args of [
      `filter: { ${id}: "999" }`,
      `where: { ${id}: { _eq: "999" } }`,
      `where: { _or: [{ ${id}: { _in: ["999"] } }, { ${id}: { _gt: "1" } }] }`,
    ]) {
      // Some lists are filtered by conditions only.
      if (args.startsWith('filter') && list === 'results') continue;
      const error = await askError(api, `{ ${list}(${args}) { totalCount } }`);
      expect({ list, args, ...error }).toMatchObject({ code });
    }
  }
});

test('receipts and their totals refuse a model that does not exist', async () => {
  const where = 'where: { modelId: { _eq: "999" } }';
  for (const query of [`receipts(${where}) { totalCount }`, `receiptTotals(${where}) { count }`]) {
    expect(await askError(api, `{ ${query} }`)).toMatchObject({ code: 'UNKNOWN_MODEL' });
  }
});
