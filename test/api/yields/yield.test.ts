import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestBlock, mineBlock } from '../../../devnet/chain.js';
import { deployContract } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { exportRows } from '../../export/support.js';
import { callViews } from '../../prove/viewsAt.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { Description } from '../../support/openApi.js';
import { indexTo } from '../../support/programs/indexer.js';
import { DOLLAR } from '../../support/scenes/priceScene.js';
import { SaleScene } from '../../support/scenes/saleScene.js';
import { askData, askError, startTestApi } from '../support.js';

const DAY = 86_400;

let sales: SaleScene;
let databaseUrl: string;
let api: RunningApi;
/** Times of the blocks that matter, in seconds. */
let first: number;
let second: number;
let last: number;

/**
 * A whole token has 100 units of 1000, and the friend has one. Each of two snapshots, 20 days apart, shares 80 %
 * of 1000 and of 500 wei. The friend keeps 40 of 50 wei in a sale, for 100 units.
 */
beforeAll(async () => {
  sales = await SaleScene.start();
  const { scene } = sales;
  const { chain, founder, friend, token } = scene;
  const aggregator = (decimals: number, name: string) =>
    deployContract(chain, 'PriceAggregator', [decimals, name], { from: founder });
  const eth = await aggregator(8, 'ETH / USD');
  const share = await aggregator(18, 'MDL / USD');
  await scene.call(founder, 'transfer', [friend, 100n]);
  const sale = await sales.launchpad({ target: 40n, tokensForSale: 100n });
  await sales.call(friend, sale, 'deposit()', [], 50n);
  await sales.blockAtEnd();
  await sales.call(founder, eth, 'submit', [2000n * DOLLAR]);
  await sales.call(founder, share, 'submit', [5n * 10n ** 17n]);
  await scene.pay(1_000n);
  await scene.snapshot();
  first = (await latestBlock(chain)).timestamp;
  await mineBlock(chain, first + 20 * DAY - 30);
  await scene.pay(500n);
  await scene.snapshot();
  second = (await latestBlock(chain)).timestamp;
  await scene.call(founder, 'transfer', [founder, 1n]);
  last = (await latestBlock(chain)).timestamp;
  databaseUrl = await freshDatabase();
  const feed = { currency: 'USD', startBlock: null, staleAfterSeconds: null };
  await indexTo({
    ...sales.request(databaseUrl),
    prices: [
      { ...feed, asset: 'native', aggregator: eth.address as Address },
      {
        ...feed,
        asset: token.address.toLowerCase() as Address,
        aggregator: share.address as Address,
      },
    ],
  });
  await query(databaseUrl, 'UPDATE token SET decimals = 2');
  api = await startTestApi(databaseUrl);
});
afterAll(() => api.close());

const RATIO = '{ decimal numerator denominator }';
const FIELDS = `asset from to periodSeconds days snapshots coversFrom coversTo
  perToken ${RATIO} annualised ${RATIO} burnValue ${RATIO} againstBurnValue ${RATIO}
  costPerToken ${RATIO} againstCost ${RATIO} tokenPrice assetPrice againstPrice ${RATIO} noPrice`;
const time = (seconds: number) => new Date(seconds * 1_000).toISOString();
const ratio = (numerator: string, denominator = '1', decimal = numerator) => ({
  decimal,
  numerator,
  denominator,
});

const queryOf = (args: string) => `{ token(chainId: ${sales.scene.chain.chainId},
  address: "${sales.scene.token.address}") { yield(${args}) { ${FIELDS} } } }`;

async function yieldOf(args: string) {
  return (await askData(api, queryOf(args))).token.yield;
}

test('docs/yield.md: the query answers, over a period that the token has', async () => {
  const { chain, token, friend } = sales.scene;
  const page = await readFile('docs/yield.md', 'utf8');
  const [, asked = ''] = /```graphql\n([\s\S]*?)```/.exec(page) ?? [];
  const own = asked
    .replace('chainId: 1', `chainId: ${chain.chainId}`)
    .replace(/0xe5018913\w{32}/, token.address)
    .replace(/0x7A4322BE\w{32}/, friend)
    .replace('days: 90', 'days: 15');
  const { token: answered } = await askData(api, own);
  expect(answered.yield).toMatchObject({ perToken: { decimal: '40' }, noPrice: null });
  const perToken = answered.snapshots.nodes.map(
    ({ perWholeToken }: { perWholeToken: { decimal: string } }) => perWholeToken.decimal,
  );
  expect(perToken).toEqual(['40', '80']);
});

test('the yield of a period is exact, and names its period', async () => {
  const { friend } = sales.scene;
  const answer = await yieldOf(`period: {days: 15}, holders: ["${friend}"], currency: "USD"`);
  expect(answer).toEqual({
    asset: 'native',
    from: time(last - 15 * DAY),
    to: time(last),
    periodSeconds: 15 * DAY,
    days: '15',
    snapshots: 1,
    coversFrom: time(first),
    coversTo: time(second),
    // 400 wei for 1000 units, 100 of them in a whole token; 365 / 15 of it in a year.
    perToken: ratio('40'),
    annualised: ratio('2920', '3', '973.333333333333333333'),
    // The pool of burners has 200 + 100 wei.
    burnValue: ratio('30'),
    againstBurnValue: ratio('292', '9', '32.444444444444444444'),
    costPerToken: ratio('40'),
    againstCost: ratio('73', '3', '24.333333333333333333'),
    tokenPrice: '0.5',
    assetPrice: '2000',
    // 2920 / 3 wei at 2000 dollars, over half a dollar.
    againstPrice: ratio('73', '18750000000000', '0.000000000003893333'),
    noPrice: null,
  });
});

test('what a snapshot and a burn pay for a whole token is what the contract answers', async () => {
  const { chain, friend, token } = sales.scene;
  const { block } = { block: (await latestBlock(chain)).number };
  const to = token.address as Address;
  const data = (name: string, args: unknown[]) => sales.scene.data(name, args);
  const views = await callViews(chain, block, [
    { to, data: data('claimableRevenue', [friend, 1n]) },
    { to, data: data('claimableRevenue', [friend, 2n]) },
    { to, data: data('redeemableOnBurn', [100n]) },
  ]);
  const { snapshots } = await askData(
    api,
    `{ snapshots(chainId: ${chain.chainId}, token: "${token.address}", direction: ASC) {
         nodes { perWholeToken { decimal } } } }`,
  );
  const { burnValue } = await yieldOf('period: {days: 15}');
  expect([
    ...snapshots.nodes.map(({ perWholeToken }: typeof snapshots) => perWholeToken.decimal),
    burnValue.decimal,
  ]).toEqual(views.map(String));
});

test('a period with two ends counts the snapshots after its start, up to its end', async () => {
  const between = (from: number, to: number) =>
    yieldOf(`period: {from: "${time(from)}", to: "${time(to)}"}`);
  const both = await between(first - 1, second);
  expect(both).toMatchObject({ snapshots: 2, perToken: ratio('120'), againstCost: null });
  expect(both).toMatchObject({ tokenPrice: null, againstPrice: null, noPrice: null });
  expect(await between(first, second)).toMatchObject({ snapshots: 1, perToken: ratio('40') });
  expect(await between(first - 1, second - 1)).toMatchObject({
    snapshots: 1,
    perToken: ratio('80'),
  });
});

test('nothing is extrapolated from a period that is short, empty, or beyond the books', async () => {
  const refused = async (args: string) => (await askError(api, queryOf(args))).code;
  for (const period of [
    '{}',
    '{days: 6}',
    '{days: 0}',
    '{days: 100}',
    `{days: 8, from: "${time(first)}"}`,
    `{days: 8, to: "${time(second)}"}`,
    `{to: "${time(second)}"}`,
    `{from: "${time(second)}", to: "${time(first)}"}`,
    `{from: "${time(first)}", to: "${time(last + 1)}"}`,
  ]) {
    expect([period, await refused(`period: ${period}`)]).toEqual([period, 'YIELD_BAD_PERIOD']);
  }
  const empty = `{from: "${time(first)}", to: "${time(second - 1)}"}`;
  expect(await refused(`period: ${empty}`)).toBe('YIELD_NO_SNAPSHOT');
  expect(await refused('period: {days: 15}, currency: "dollars"')).toBe('BAD_CURRENCY');
  expect(await refused('period: {days: 15}, holders: []')).toBe('BAD_PERSON');
});

test('a currency without a feed, and accounts that bought nothing, give no ratio', async () => {
  const { payer } = sales.scene;
  expect(await yieldOf(`period: {days: 15}, holders: ["${payer}"], currency: "EUR"`)).toMatchObject(
    {
      ...{ costPerToken: null, againstCost: null, tokenPrice: null, againstPrice: null },
      noPrice: 'NO_FEED',
    },
  );
});

test('REST answers the same as GraphQL, and refuses the same', async () => {
  const { chain, token, friend } = sales.scene;
  const path = '/v1/tokens/{address}/yield';
  const base = `http://127.0.0.1:${api.port}/v1/tokens/${token.address}/yield?chainId=${chain.chainId}`;
  const response = await fetch(`${base}&days=15&holder=${friend}&currency=USD`);
  await (await Description.of(api)).assertFits(path, response.clone());
  const body = await response.json();
  const asked = await yieldOf(`period: {days: 15}, holders: ["${friend}"], currency: "USD"`);
  expect(body).toMatchObject(asked);
  for (const [query, code] of [
    ['days=3', 'YIELD_BAD_PERIOD'],
    ['days=week', 'YIELD_BAD_PERIOD'],
    ['from=yesterday', 'YIELD_BAD_PERIOD'],
    ['days=15&days=16', 'BAD_QUERY'],
    ['days=15&holder=0x12', 'BAD_ADDRESS'],
    ['days=15&currency=dollars', 'BAD_CURRENCY'],
  ]) {
    const refused = await (await fetch(`${base}&${query}`)).json();
    expect([query, refused.code]).toEqual([query, code]);
  }
});

test('the dataset of snapshots has the revenue of a whole token', async () => {
  const rows = await exportRows(databaseUrl, 'snapshots');
  expect(
    rows.map(({ asset, snapshot_id, claimable, supply, per_whole_token }) => {
      return [asset, snapshot_id, claimable, supply, per_whole_token];
    }),
  ).toEqual([
    ['native', 1, '800', '1000', '80'],
    ['native', 2, '400', '1000', '40'],
  ]);
});

test('the query of docs/yield.md answers', async () => {
  const { chain, token, friend } = sales.scene;
  const page = await readFile('docs/yield.md', 'utf8');
  const [, text = ''] = /```graphql\n([\s\S]+?)```/.exec(page) ?? [];
  const ours = text
    .replace('chainId: 1,', `chainId: ${chain.chainId},`)
    .replace(/address: "0x\w+"/, `address: "${token.address}"`)
    .replace(/holders: \["0x\w+"\]/, `holders: ["${friend}"]`)
    .replace('days: 90', 'days: 15');
  const answer = (await askData(api, ours)).token;
  expect(answer.yield.againstCost.decimal).toBe('24.333333333333333333');
  expect(answer.snapshots.nodes).toHaveLength(2);
});
