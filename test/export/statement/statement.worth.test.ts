import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployContract } from '../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../src/address.js';
import { nativeSymbol } from '../../../src/books/nativeCoins.js';
import { layOut } from '../../../src/export/statement/layout/layout.js';
import { readStatement } from '../../../src/export/statement/read/readStatement.js';
import type { Statement } from '../../../src/export/statement/read/statement.js';
import { writeCsv } from '../../../src/export/statement/write/writeCsv.js';
import { writeJson } from '../../../src/export/statement/write/writeJson.js';
import { writeText } from '../../../src/export/statement/write/writeText.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { DOLLAR } from '../../support/scenes/priceScene.js';
import { SaleScene } from '../../support/scenes/saleScene.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

let sales: SaleScene;
let pool: pg.Pool;

/**
 * ETH is worth 2000 dollars, then 2500, then nothing known. The friend puts 50 wei in a sale, claims
 * 320 of 1000 wei, burns 100 tokens for 20 wei, and is assigned something of 500 more.
 */
beforeAll(async () => {
  sales = await SaleScene.start();
  const { scene } = sales;
  const { chain, founder, friend, token } = scene;
  const eth = await deployContract(chain, 'PriceAggregator', [8, 'ETH / USD'], { from: founder });
  const submit = (answer: bigint) => sales.call(founder, eth, 'submit', [answer]);
  await scene.call(founder, 'transfer', [friend, 400n]);
  await submit(2000n * DOLLAR);
  const sale = await sales.launchpad({ target: 100n, tokensForSale: 10n });
  await sales.call(friend, sale, 'deposit()', [], 50n);
  await scene.pay(1_000n);
  await scene.snapshot();
  await scene.call(friend, 'claim', [1n]);
  await submit(2500n * DOLLAR);
  await scene.call(friend, 'burn', [100n]);
  await submit(-1n);
  await scene.pay(500n);
  await scene.snapshot();
  const databaseUrl = await freshDatabase();
  const feed = { currency: 'USD', startBlock: null, staleAfterSeconds: null };
  await indexTo({
    ...sales.request(databaseUrl),
    tokens: [token.address],
    prices: [{ ...feed, asset: 'native', aggregator: eth.address as Address }],
  });
  pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
});
afterAll(() => pool.end());

function stated(currency: string | null): Promise<Statement> {
  const account = sales.scene.friend as Address;
  return readStatement(pool, {
    accounts: [account],
    tokens: [],
    chainId: null,
    from: null,
    to: null,
    currency,
  });
}

const at2000 = (amount: string) => ({ amount, price: '2000', roundId: 1n });

test('every line has its value at the time and the round, or no value', async () => {
  const { tokens, sales: parts } = await stated('USD');
  const lines = tokens[0]?.revenue[0]?.movements.map(({ kind, value }) => [kind, value]);
  expect(lines).toEqual([
    ['accrual', null],
    ['assignment', at2000('0.00000000000064')],
    ['claim', at2000('0.00000000000064')],
    ['redemption', { amount: '0.00000000000005', price: '2500', roundId: 2n }],
    ['accrual', null],
    ['assignment', null],
    ['accrual', null],
  ]);
  expect(parts[0]?.movements.map(({ kind, value }) => [kind, value])).toEqual([
    ['deposit', at2000('0.0000000000001')],
  ]);
  expect(tokens[0]?.movements.map(({ value }) => value)).toEqual([null, null]);
});

test('what has no price is named, counted and given its reason, in every format', async () => {
  const statement = await stated('USD');
  const json = JSON.parse(writeJson(statement));
  const token = checksummed(sales.scene.token.address.toLowerCase() as Address);
  const chainId = sales.scene.chain.chainId;
  expect(json.missingPrices).toEqual([
    { chainId, asset: token, symbol: null, reason: 'NO_FEED', feed: null, lines: 2 },
    {
      chainId,
      asset: 'native',
      symbol: nativeSymbol(chainId),
      reason: 'NOT_POSITIVE',
      feed: { asset: 'native', currency: 'USD' },
      lines: 1,
    },
  ]);
  const [revenue] = json.tokens[0].revenue;
  const reasons = revenue.movements.map(({ kind, noPrice }: Record<string, unknown>) => [
    kind,
    noPrice,
  ]);
  expect(reasons.filter(([, reason]: unknown[]) => reason !== null)).toEqual([
    ['assignment', 'NOT_POSITIVE'],
  ]);
  const rows = parse(writeCsv(statement), { columns: true }) as Record<string, string>[];
  const missing = rows.filter(({ no_price_usd }) => no_price_usd !== '');
  expect(missing.map((row) => [row.part, row.kind, row.no_price_usd, row.value_usd])).toEqual([
    ['tokens', 'received', 'no-feed', ''],
    ['tokens', 'burned', 'no-feed', ''],
    ['revenue', 'assignment', 'not-positive', ''],
  ]);
  const coin = nativeSymbol(chainId) ?? 'native';
  const told = [
    `No price in USD for 2 lines of ${token}: No feed of the asset in the currency was in force, and no feeds that cross to it.`,
    `No price in USD for 1 line of ${coin}: The newest round said zero or less. Feed: native in USD.`,
  ];
  for (const line of told) {
    expect(writeText(statement)).toContain(`\n${line}\n`);
    expect(layOut(statement).facts).toContain(line);
  }
});

test('the same figures are written, however it is written', async () => {
  const statement = await stated('USD');
  const rows = parse(writeCsv(statement), { columns: true }) as Record<string, string>[];
  const valued = rows.filter(({ value_usd }) => value_usd !== '');
  expect(
    valued.map((row) => [row.kind, row.value_usd, row.price_usd, row.price_round_usd]),
  ).toEqual([
    ['assignment', '0.00000000000064', '2000', '1'],
    ['claim', '0.00000000000064', '2000', '1'],
    ['redemption', '0.00000000000005', '2500', '2'],
    ['deposit', '0.0000000000001', '2000', '1'],
  ]);
  const [period] = statement.periods;
  const closings = rows.filter(({ line }) => line === 'closing');
  expect(closings.length).toBeGreaterThan(2);
  expect(new Set(closings.map((row) => `${row.booked_block} ${row.booked_hash}`))).toEqual(
    new Set([`${period?.booked?.block} ${period?.booked?.hash}`]),
  );
  expect(rows.filter(({ line, booked_hash }) => line !== 'closing' && booked_hash !== '')).toEqual(
    [],
  );
  const json = JSON.parse(writeJson(statement));
  expect(json.currency).toBe('USD');
  expect(json.tokens[0].revenue[0].movements[2].value).toEqual({
    amount: '0.00000000000064',
    price: '2000',
    roundId: '1',
  });
  const text = writeText(statement);
  expect(text).toContain('Values in USD');
  expect(text).toMatch(/redeemed .* 0\.00000000000005 +0x/);
});

test('sums of values agree with DuckDB to the last digit, and count what has no price', async () => {
  const statement = await stated('USD');
  const [revenue] = JSON.parse(writeJson(statement)).tokens[0].revenue;
  expect(revenue.values).toEqual({
    at: 'entry',
    basis: 'AT_EACH_ENTRY',
    sums: [
      { kind: 'assignment', amount: '0.00000000000064', lines: 2, missing: 1 },
      { kind: 'claim', amount: '0.00000000000064', lines: 1, missing: 0 },
      { kind: 'redemption', amount: '0.00000000000005', lines: 1, missing: 0 },
    ],
  });
  const file = join(await temporaryFolder(), 'statement.csv');
  await writeFile(file, writeCsv(statement));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await duckdb.runAndReadAll(
    `SELECT kind, sum(value_usd::DECIMAL(38, 20))::VARCHAR AS sum
     FROM read_csv('${file}', all_varchar = true) WHERE part = 'revenue' AND value_usd IS NOT NULL
     GROUP BY kind ORDER BY kind`,
  );
  duckdb.closeSync();
  const trimmed = reader
    .getRowObjectsJson()
    .map(({ kind, sum }) => [kind, String(sum).replace(/0+$/, '')]);
  const known = revenue.values.sums as { kind: string; amount: string }[];
  expect(trimmed).toEqual(known.map(({ kind, amount }) => [kind, amount]));
  expect(writeText(statement)).toContain(
    'Sums in USD, each line at the price of its time: assignment 0.00000000000064 (1 of 2 lines have no price); claim',
  );
});

test('a statement without a currency has no values', async () => {
  const statement = await stated(null);
  for (const text of [writeCsv(statement), writeJson(statement), writeText(statement)]) {
    expect(text).not.toMatch(/value|price|USD/i);
  }
});

test('a currency that nothing is priced in is refused', async () => {
  await expect(stated('EUR')).rejects.toMatchObject({
    code: 'EXPORT_BAD_OPTION',
    message: 'no price in EUR is indexed',
  });
});
