import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeployedContract, deployContract } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { sumOfDecimals } from '../../../src/ledger/price.js';
import { exportText } from '../../export/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { askData, startTestApi } from '../support.js';

let scene: AssetScene;
let databaseUrl: string;
let api: RunningApi;
let duckdb: DuckDBConnection;

/**
 * ETH and euros have prices in dollars, the shared ERC-20 in ether. The first receipt comes before
 * any price; at the end the euro has none any more.
 */
beforeAll(async () => {
  scene = await AssetScene.start();
  const { chain, founder, friend, dollar } = scene;
  const aggregator = (decimals: number, name: string) =>
    deployContract(chain, 'PriceAggregator', [decimals, name], { from: founder });
  const eth = await aggregator(8, 'ETH / USD');
  const eur = await aggregator(8, 'EUR / USD');
  const coin = await aggregator(18, 'COIN / ETH');
  const submit = (to: DeployedContract, answer: bigint) =>
    scene.send(founder, to, 'submit', [answer]);
  await scene.pay(7n);
  await submit(eth, 200_012_345_678n);
  await submit(eur, 108_765_432n);
  await submit(coin, 499_999_123_456_789n);
  await scene.pay(123_456_789_012_345_678_901n);
  await scene.payIn(dollar, 1_000_000_001n);
  await scene.snapshot();
  await submit(eth, 199_900_000_001n);
  await scene.call(founder, 'claim', [1n]);
  await submit(eur, 107_000_000n);
  await scene.pay(98_765_432_109_876_543_210n);
  await scene.payIn(dollar, 77_777_777n);
  await scene.call(friend, 'burn', [100n]);
  await scene.snapshot();
  await scene.call(friend, 'claim', [2n]);
  await submit(eur, 0n);
  await scene.pay(5n);
  databaseUrl = await freshDatabase();
  const prices = [
    { asset: 'native', currency: 'USD', aggregator: eth },
    { asset: 'ETH', currency: 'USD', aggregator: eth },
    { asset: 'EUR', currency: 'USD', aggregator: eur },
    { asset: dollar.address.toLowerCase(), currency: 'ETH', aggregator: coin },
  ].map((feed) => ({
    ...feed,
    aggregator: feed.aggregator.address as Address,
    startBlock: null,
    staleAfterSeconds: null,
  }));
  await indexTo({
    chain,
    databaseUrl,
    tokens: [scene.token.address],
    assets: [dollar.address],
    prices,
  });
  api = await startTestApi(databaseUrl);
  duckdb = await booksInDuckDb();
});
afterAll(async () => {
  duckdb.closeSync();
  await api.close();
});

/** The CSV of receipts, and the rounds of the feeds as the list has them, as tables of DuckDB. */
async function booksInDuckDb(): Promise<DuckDBConnection> {
  const folder = await temporaryFolder();
  const { content } = await exportText(databaseUrl, 'receipts', { currency: 'EUR' });
  await writeFile(join(folder, 'receipts.csv'), content);
  const { prices } = await askData(
    api,
    '{ prices(first: 1000) { nodes { feed { asset currency } block roundId answer } } }',
  );
  await writeFile(join(folder, 'rounds.json'), JSON.stringify(prices.nodes));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`
    CREATE TABLE receipt AS SELECT row_id, asset, block_number::BIGINT AS block,
      amount::HUGEINT AS amount, value_eur, price_eur, no_price_eur
      FROM read_csv('${folder}/receipts.csv', all_varchar = true);
    CREATE TABLE round AS SELECT feed.asset AS asset, feed.currency AS currency, block,
      answer::HUGEINT AS answer FROM read_json('${folder}/rounds.json');
    CREATE VIEW eth AS SELECT block, answer FROM round WHERE asset = 'native';
    CREATE VIEW eur AS SELECT block, answer FROM round WHERE asset = 'EUR';
    CREATE VIEW coin AS SELECT block, answer FROM round WHERE currency = 'ETH';
    CREATE TABLE rated AS SELECT r.*, CASE asset WHEN 'native' THEN 18 ELSE 6 END AS decimals,
      -- A quotient with 18 digits, half up: (2n + d) // 2d. Prices in ether have 18 digits already.
      CASE WHEN eth.answer > 0 AND eur.answer > 0 THEN CASE r.asset
        WHEN 'native' THEN
          (2 * eth.answer * 1000000000000000000 + eur.answer) // (2 * eur.answer)
        ELSE (2 * coin.answer * eth.answer + eur.answer) // (2 * eur.answer) END END AS price
      FROM receipt r
      ASOF LEFT JOIN eth ON eth.block < r.block
      ASOF LEFT JOIN eur ON eur.block < r.block
      ASOF LEFT JOIN coin ON coin.block < r.block;
    -- amount * price = high * 10^9 + low: no product is too large for HUGEINT.
    CREATE TABLE product AS SELECT *, amount // 1000000000 * price AS high,
      amount % 1000000000 * price AS low FROM rated;
    -- The digits of high * 10^9 + low, with the point before the last ones.
    CREATE MACRO digits(high, low) AS (high + low // 1000000000)::HUGEINT::VARCHAR
      || lpad((low % 1000000000)::HUGEINT::VARCHAR, 9, '0');
    CREATE MACRO pointed(text, places) AS rtrim(rtrim(regexp_replace(
      repeat('0', greatest(places + 1 - length(text), 0)) || text, '^(.*)(.{' || places || '})$', '\\1.\\2'), '0'), '.')`);
  return connection;
}

describe('values that cross feeds', () => {
  test('agree with DuckDB to the last digit, for ETH and for an ERC-20', async () => {
    const reader = await duckdb.runAndReadAll(
      `SELECT value_eur, price_eur, pointed(digits(high, low), 18 + decimals) AS value,
         pointed(price::VARCHAR, 18) AS price FROM product ORDER BY row_id`,
    );
    const rows = reader.getRowObjectsJson();
    expect(rows.map(({ value_eur, price_eur }) => [value_eur, price_eur])).toEqual(
      rows.map(({ value, price }) => [value, price]),
    );
    expect(rows.map(({ price }) => price)).toEqual([
      null,
      '1838.933032307544183707',
      '1868.22429907476635514',
      null,
      '0.919464904249507139',
      '0.934110511958057198',
    ]);
  });
});

const VALUE = `value { currency basis asOf { block } price amount known amounts missingAmounts
  missing { asset reason amounts sum feed { asset currency } first last } }`;

/** The exact sums of all values of an asset in DuckDB. */
async function duckdbSum(asset: string): Promise<string> {
  const decimals = asset === 'native' ? 36 : 24;
  const reader = await duckdb.runAndReadAll(
    `SELECT pointed(digits(sum(high), sum(low)), ${decimals}) AS sum FROM product
     WHERE asset = '${asset}' AND price IS NOT NULL`,
  );
  return String(reader.getRowObjectsJson()[0]?.sum);
}

async function totals(list: string, args: string, value = VALUE) {
  const given = args === '' ? '' : `(${args})`;
  const data = await askData(
    api,
    `{ totals: ${list}${given} { from count amountWei { sum ${value} } } }`,
  );
  return data.totals as { from: string; count: number; amountWei: Record<string, unknown> }[];
}

describe('totals in a currency', () => {
  test('are the sum at the price of each entry, to the last digit of DuckDB', async () => {
    const dollar = scene.dollar.address.toLowerCase();
    for (const asset of ['native', dollar]) {
      const filter = asset === 'native' ? '' : `, filter: {asset: "${asset}"}`;
      const [all] = await totals('receiptTotals', `currency: "EUR"${filter}`);
      const known = await duckdbSum(asset);
      expect(all?.amountWei.value).toMatchObject({
        currency: 'EUR',
        basis: 'AT_EACH_ENTRY',
        known,
      });
      expect(all?.amountWei.value).toMatchObject({ asOf: null, price: null });
    }
    expect(await duckdbSum('native')).toMatch(/^411544\.\d{30,36}$/);
  });

  test('are not known while a price is missing, which is counted and named', async () => {
    const [all] = await totals('receiptTotals', 'currency: "EUR"');
    const missing = { asset: 'native', amounts: 1 };
    expect(all?.amountWei.value).toMatchObject({
      amount: null,
      amounts: 4,
      missingAmounts: 2,
      missing: [
        { ...missing, reason: 'NO_ROUND', sum: '7', feed: { asset: 'native', currency: 'USD' } },
        { ...missing, reason: 'NOT_POSITIVE', sum: '5', feed: { asset: 'EUR', currency: 'USD' } },
      ],
    });
    const [whole] = await totals('claimTotals', 'currency: "EUR"');
    expect(whole?.amountWei.value).toMatchObject({ missingAmounts: 0, missing: [], amounts: 2 });
    const claimed = '158116.859818530381999104358723368360462715';
    expect(whole?.amountWei.value).toMatchObject({ amount: claimed, known: claimed });
    const [none] = await totals('receiptTotals', 'currency: "CHF"');
    expect(none?.amountWei.value).toMatchObject({ amount: null, known: null, missingAmounts: 4 });
    const [plain] = await totals('receiptTotals', '');
    expect(plain?.amountWei.value).toBeNull();
  });

  test('of steps add up to all, and to the running sums', async () => {
    const value = 'value { known amounts missingAmounts }';
    const hourly = 'currency: "EUR", interval: HOUR';
    const steps = await totals('receiptTotals', hourly, value);
    const running = await totals('receiptTotals', `${hourly}, cumulative: true`, value);
    const knownOf = (rows: typeof steps) =>
      rows.map(({ amountWei: { value } }) => (value as { known: string | null }).known ?? '0');
    expect(sumOfDecimals(knownOf(steps))).toBe(await duckdbSum('native'));
    expect(knownOf(running).at(-1)).toBe(await duckdbSum('native'));
    expect(running.at(-1)?.amountWei.value).toMatchObject({ amounts: 4, missingAmounts: 2 });
    const quiet = { amount: '0', known: '0', amounts: 0, missing: [] };
    const [unasked] = await totals(
      'claimTotals',
      'currency: "EUR", filter: {holder: "0x00000000000000000000000000000000000000bb"}',
    );
    expect(unasked?.amountWei.value).toMatchObject(quiet);
  });

  test('are at the price of the moment of the answer, if asked', async () => {
    const [last] = await totals('receiptTotals', 'currency: "USD", basis: AT_MOMENT');
    const [head] = await query<{ height: string }>(databaseUrl, 'SELECT height FROM chain_cursor');
    expect(last?.amountWei).toMatchObject({
      sum: '222222221122222222123',
      value: {
        basis: 'AT_MOMENT',
        asOf: { block: Number(head?.height) },
        price: '1999.00000001',
        amount: '444222.22002554444423509922222123',
        missing: [],
      },
    });
    const [gone] = await totals('receiptTotals', 'currency: "EUR", basis: AT_MOMENT');
    expect(gone?.amountWei.value).toMatchObject({
      amount: null,
      price: null,
      missing: [{ reason: 'NOT_POSITIVE', sum: '222222221122222222123', amounts: 1 }],
    });
  });
});
