import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sumOfDecimals } from '../../../src/ledger/price.js';
import { query } from '../../support/databases/postgres.js';
import { askData } from '../support.js';
import { type MoneyScene, startMoneyScene } from './moneyScene.js';

let scene: MoneyScene['scene'];
let databaseUrl: string;
let api: MoneyScene['api'];
let duckdb: MoneyScene['duckdb'];
let close: MoneyScene['close'];

beforeAll(async () => {
  ({ scene, databaseUrl, api, duckdb, close } = await startMoneyScene());
});
afterAll(() => close());

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
