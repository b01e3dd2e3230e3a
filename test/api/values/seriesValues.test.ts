import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askData } from '../support.js';
import { type MoneyScene, startMoneyScene } from './moneyScene.js';

let money: MoneyScene;
beforeAll(async () => {
  money = await startMoneyScene();
});
afterAll(() => money.close());

const SUM =
  '{ basis asOf { block } price amount known amounts missingAmounts missing { reason amounts sum first } }';
const values = (names: readonly string[]) =>
  `values { ${names.map((name) => `${name} ${SUM}`).join(' ')} }`;

interface Sum {
  readonly basis: string;
  readonly asOf: { readonly block: number } | null;
  readonly amount: string | null;
  readonly known: string | null;
  readonly missingAmounts: number;
}

interface Step extends Readonly<Record<string, unknown>> {
  readonly from: string;
  readonly to: string;
  readonly block: number | null;
  readonly values: Readonly<Record<string, Sum>>;
}

/** Sums of the known values of a dataset by day, by DuckDB. */
async function byDay(
  dataset: string,
  asset: string,
  holders: readonly string[] = [],
): Promise<Record<string, string>> {
  const whose = holders.map((holder) => `'${holder.toLowerCase()}'`).join(', ');
  const reader = await money.duckdb.runAndReadAll(
    `SELECT strftime(date_trunc('day', time), '%Y-%m-%dT%H:%M:%S.000Z') AS day,
       pointed(digits(sum(high), sum(low)), 18 + decimals_of('${asset}')) AS sum
     FROM valued WHERE dataset = '${dataset}' AND asset = '${asset}' AND price IS NOT NULL
       ${whose === '' ? '' : `AND holder IN (${whose})`}
     GROUP BY 1 ORDER BY 1`,
  );
  const rows = reader.getRowObjectsJson();
  return Object.fromEntries(rows.map(({ day, sum }) => [String(day), String(sum)]));
}

/** What amounts are worth at the newest prices of blocks, by DuckDB; null without a price. */
async function atEnds(asset: string, ends: readonly { block: number | null; amount: unknown }[]) {
  const worth: (string | null)[] = [];
  for (const { block, amount } of ends) {
    const reader = await money.duckdb.runAndReadAll(
      `SELECT pointed(digits(amount // 1000000000 * price, amount % 1000000000 * price),
         18 + decimals_of('${asset}')) AS worth
       FROM (SELECT '${amount}'::HUGEINT AS amount, price_of('${asset}', eth, eur, coin) AS price
         FROM prices_at(${block}))`,
    );
    const text = reader.getRowObjectsJson()[0]?.worth ?? null;
    worth.push(text === null ? null : String(text));
  }
  return worth;
}

/** Flows are compared with the sums of entries, stocks with the prices at the end of each step. */
async function expectSteps(
  steps: readonly Step[],
  asset: string,
  flows: Readonly<Record<string, readonly [dataset: string, holders?: readonly string[]]>>,
  stocks: readonly string[],
): Promise<void> {
  for (const [name, [dataset, holders]] of Object.entries(flows)) {
    const sums = await byDay(dataset, asset, holders);
    const told = steps.map(({ from, values: of }) => [from, of[name]?.known ?? '0']);
    expect(told).toEqual(steps.map(({ from }) => [from, sums[from] ?? '0']));
    expect(steps.map(({ values: of }) => [of[name]?.basis, of[name]?.asOf])).toEqual(
      steps.map(() => ['AT_EACH_ENTRY', null]),
    );
  }
  for (const name of stocks) {
    const ends = steps.map((step) => ({ block: step.block, amount: step[name] }));
    const worth = await atEnds(asset, ends);
    const wanted = worth.map((text, index) => (ends[index]?.amount === '0' ? '0' : text));
    expect(steps.map(({ values: of }) => of[name]?.amount)).toEqual(wanted);
    expect(steps.map(({ values: of }) => [of[name]?.basis, of[name]?.asOf?.block])).toEqual(
      steps.map(({ block }) => ['AT_MOMENT', block]),
    );
  }
}

/** From the day of the first block. */
const DAYS = 'timestamp: {gte: "2025-06-15T00:00:00Z", lte: "2025-06-17T23:59:59Z"}';

const ofToken = (more = `, ${DAYS}`) =>
  `chainId: ${money.scene.chain.chainId}, token: "${money.scene.token.address}", interval: DAY, currency: "EUR"${more}`;

describe('series in a currency', () => {
  test('a token has flows at the price of each entry, and stocks at the end of each day', async () => {
    const dollar = money.scene.dollar.address.toLowerCase();
    for (const asset of ['native', dollar]) {
      const names = ['receivedWei', 'claimedWei', 'redeemedWei', 'balanceWei'];
      const { tokenSeries } = await askData(
        money.api,
        `{ tokenSeries(${ofToken(asset === 'native' ? undefined : `, ${DAYS}, asset: "${asset}"`)}) {
             from to block ${names.join(' ')} ${values(names)} } }`,
      );
      expect(tokenSeries).toHaveLength(3);
      const flows = {
        receivedWei: ['receipts'],
        claimedWei: ['claims'],
        redeemedWei: ['redemptions'],
      } as const;
      await expectSteps(tokenSeries, asset, flows, ['balanceWei']);
    }
  });

  test('what has no price is counted in the step, and named', async () => {
    const { tokenSeries } = await askData(
      money.api,
      `{ tokenSeries(${ofToken()}) { block ${values(['receivedWei', 'balanceWei'])} } }`,
    );
    const [first, second, last] = tokenSeries.map((step: Step) => step.values);
    expect(first.receivedWei).toMatchObject({
      amount: null,
      missingAmounts: 1,
      missing: [{ reason: 'NO_ROUND', amounts: 1, sum: '7' }],
    });
    expect(second.receivedWei).toMatchObject({ missingAmounts: 0, amounts: 1 });
    expect(last.receivedWei).toMatchObject({
      amount: null,
      known: null,
      missing: [{ reason: 'NOT_POSITIVE', amounts: 1, sum: '5' }],
    });
    expect(last.balanceWei).toMatchObject({
      amount: null,
      price: null,
      missing: [{ reason: 'NOT_POSITIVE', amounts: 1, first: null }],
    });
  });

  test('a holder and a person earn, claim and are owed what DuckDB says, day by day', async () => {
    const { founder, friend } = money.scene;
    const owed = ['claimableWei', 'accruingWei', 'redeemableWei', 'expiredWei'];
    const flows = ['claimedWei', 'redeemedWei'];
    const { holderSeries, personSeries } = await askData(
      money.api,
      `{ holderSeries(${ofToken()}, holder: "${friend}") {
           from to block ${[...flows, ...owed].join(' ')} ${values([...flows, ...owed])} }
         personSeries(${ofToken()}, holders: ["${founder}", "${friend}"]) {
           from to block ${['assignedWei', ...flows, ...owed].join(' ')}
           ${values(['assignedWei', ...flows, ...owed])} } }`,
    );
    await expectSteps(
      holderSeries,
      'native',
      { claimedWei: ['claims', [friend]], redeemedWei: ['redemptions', [friend]] },
      owed,
    );
    const both = [founder, friend];
    await expectSteps(
      personSeries,
      'native',
      {
        assignedWei: ['entitlements', both],
        claimedWei: ['claims', both],
        redeemedWei: ['redemptions', both],
      },
      owed,
    );
    const earned = personSeries.map((step: Step) => step.values.assignedWei?.amount);
    expect(earned.filter((amount: string | null) => amount !== '0')).toHaveLength(2);
  });

  test('without a range has the same days as with one, from the first to that of the answer', async () => {
    const fields = `from to ${values(['receivedWei', 'balanceWei'])}`;
    const { whole, some } = await askData(
      money.api,
      `{ whole: tokenSeries(${ofToken('')}) { ${fields} } some: tokenSeries(${ofToken()}) { ${fields} } }`,
    );
    expect(some).toHaveLength(3);
    const starts = some.map(({ from }: Step) => from);
    const within = whole.filter(({ from }: Step) => starts.includes(from));
    expect(within).toEqual(some.filter(({ from }: Step) => from <= whole.at(-1).from));
    expect(within.length).toBeGreaterThan(1);
    const steps: readonly Step[] = whole;
    for (const [index, { from }] of steps.entries()) {
      if (index > 0) expect(from).toBe(steps[index - 1]?.to);
    }
  });

  test('has no values without a currency, and within a day of the past those of that time', async () => {
    const { plain, one } = await askData(
      money.api,
      `{ plain: tokenSeries(${ofToken().replace(', currency: "EUR"', '')}) { ${values(['receivedWei'])} }
         one: tokenSeries(${ofToken('')}, timestamp: {gte: "2025-06-15T20:00:00Z", lte: "2025-06-15T23:00:00Z"}) {
           from ${values(['receivedWei'])} } }`,
    );
    expect(plain.map((step: Step) => step.values)).toEqual([null, null, null]);
    expect(one).toHaveLength(1);
    expect(one[0].values.receivedWei.known).toBe((await byDay('receipts', 'native'))[one[0].from]);
  });
});
