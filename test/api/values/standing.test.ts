import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Address, checksummed } from '../../../src/address.js';
import { sumOfDecimals } from '../../../src/ledger/price.js';
import { askData, askError } from '../support.js';
import { type MoneyScene, startMoneyScene } from './moneyScene.js';

let money: MoneyScene;
/** The last block at which euros have a price. */
let block: number;

beforeAll(async () => {
  money = await startMoneyScene();
  const { prices } = await askData(
    money.api,
    '{ prices(first: 1000) { nodes { feed { asset } block answer } } }',
  );
  const gone = prices.nodes.find((round: { answer: string }) => round.answer === '0');
  block = gone.block - 1;
});
afterAll(() => money.close());

interface Value {
  readonly currency: string;
  readonly basis: string;
  readonly asOf: { readonly block: number } | null;
  readonly amount: string | null;
  readonly known: string | null;
  readonly amounts: number;
  readonly missing: readonly object[];
}

type Node = Readonly<Record<string, unknown>>;

const SUM =
  '{ currency basis asOf { block } amount known amounts missingAmounts missing { asset reason amounts sum } }';

/** Amounts with their values, as a selection. */
const valued = (names: readonly string[], currency = 'EUR') =>
  `${names.join(' ')} values(currency: "${currency}") { ${names.map((name) => `${name} ${SUM}`).join(' ')} }`;

const POOLS = ['newRevenueWei', 'claimableWei', 'redeemableWei', 'redeemedFromNewWei'];
const OWED = [
  ...['totalClaimableWei', 'claimedWei', 'redeemedWei', 'expiredWei'],
  ...['redeemableWei', 'accruingWei'],
];
const MOVED = ['balanceWei', 'receivedWei', 'claimedWei', 'redeemedWei'];

/** What amounts are worth in euros at the end of a block, by DuckDB. */
async function worthAt(
  at: number,
  amounts: readonly { readonly asset: string; readonly amount: unknown }[],
): Promise<string[]> {
  const rows = amounts.map(
    ({ asset, amount }, index) => `(${index}, '${asset}', '${amount}'::HUGEINT)`,
  );
  const reader = await money.duckdb.runAndReadAll(
    `SELECT CASE WHEN amount < 0 THEN '-' ELSE '' END || pointed(digits(
       abs(amount) // 1000000000 * price, abs(amount) % 1000000000 * price),
       18 + decimals_of(asset)) AS worth
     FROM (SELECT v.*, price_of(asset, eth, eur, coin) AS price
       FROM (VALUES ${rows.join(', ')}) v(place, asset, amount), prices_at(${at}))
     ORDER BY place`,
  );
  return reader.getRowObjectsJson().map(({ worth }) => String(worth));
}

/** Compares the values of a node, whose amounts are all of one asset. */
async function expectWorth(node: Node, asset: string, at = block): Promise<void> {
  const values = Object.entries(node.values as Readonly<Record<string, Value>>);
  const amounts = values.map(([name]) => ({ asset: asset.toLowerCase(), amount: node[name] }));
  const told = values.map(([name, value]) => [name, value.amount]);
  const worth = await worthAt(at, amounts);
  expect(told).toEqual(values.map(([name], index) => [name, worth[index]]));
  for (const [, { basis, asOf, currency, missing }] of values) {
    expect({ basis, asOf, currency, missing }).toEqual({
      basis: 'AT_MOMENT',
      asOf: { block: at },
      currency: 'EUR',
      missing: [],
    });
  }
}

const shown = (address: string) => checksummed(address.toLowerCase() as Address);
const addressArgs = () =>
  `chainId: ${money.scene.chain.chainId}, address: "${money.scene.token.address}", at: {block: ${block}}`;

describe('figures of a moment, by the prices of that moment', () => {
  test('a token, its pools and its assets are worth what DuckDB says, to the last digit', async () => {
    const { token } = await askData(
      money.api,
      `{ token(${addressArgs()}) { ${valued(MOVED)} pools { ${valued(POOLS)} }
           assets { ${valued(['balance', 'received', 'claimed', 'redeemed'])} pools { ${valued(POOLS)} } } } }`,
    );
    const [asset] = token.assets;
    const dollar = money.scene.dollar.address;
    await expectWorth(token, 'native');
    await expectWorth(token.pools, 'native');
    await expectWorth(asset, dollar);
    await expectWorth(asset.pools, dollar);
    expect(token.values.receivedWei.amount).toBe('415160.95329490134974304652128687435098652');
  });

  test('a supply without a feed of the token has no value, and is counted', async () => {
    const { token } = await askData(
      money.api,
      `{ token(${addressArgs()}) { values(currency: "EUR") { supply ${SUM} } } }`,
    );
    expect(token.values.supply).toMatchObject({
      amount: null,
      known: null,
      missingAmounts: 1,
      missing: [
        { asset: shown(money.scene.token.address), reason: 'NO_FEED', amounts: 1, sum: '900' },
      ],
    });
  });

  test('a trial balance and its accounts have values', async () => {
    const { chain, token, dollar } = money.scene;
    const { trialBalance } = await askData(
      money.api,
      `{ trialBalance(chainId: ${chain.chainId}, token: "${token.address}", at: {block: ${block}}) {
           ${valued(['heldWei', 'balanceWei'])}
           accounts { asset ${valued(['volumeInWei', 'volumeOutWei', 'balanceWei'])} }
           assets { asset ${valued(['held', 'balance'])} } } }`,
    );
    await expectWorth(trialBalance, 'native');
    for (const held of [...trialBalance.accounts, ...trialBalance.assets]) {
      await expectWorth(held, held.asset);
    }
    expect(trialBalance.assets.map(({ asset }: { asset: string }) => asset)).toEqual([
      'native',
      shown(dollar.address),
    ]);
  });

  test('entitlements have values in every asset, snapshot by snapshot too', async () => {
    const { holder } = await askData(
      money.api,
      `{ holder(address: "${money.scene.founder}", at: {block: ${block}}) { positions {
           entitlement { asset ${valued(OWED)} snapshotsConnection { nodes {
             ${valued(['shareWei', 'claimableWei', 'claimedWei'])} } } }
           assetEntitlements { entitlement { asset ${valued(OWED)} } } } } }`,
    );
    const [{ entitlement, assetEntitlements }] = holder.positions;
    const [{ entitlement: inDollar }] = assetEntitlements;
    expect([entitlement.asset, inDollar.asset]).toEqual([
      'native',
      shown(money.scene.dollar.address),
    ]);
    await expectWorth(entitlement, 'native');
    await expectWorth(inDollar, inDollar.asset);
    for (const snapshot of entitlement.snapshotsConnection.nodes) {
      await expectWorth(snapshot, 'native');
    }
    expect(entitlement.snapshotsConnection.nodes).toHaveLength(2);
    expect(Number(entitlement.values.totalClaimableWei.amount)).toBeGreaterThan(0);
  });

  test('a person and a holder are worth the sum over their tokens and assets', async () => {
    const { founder, friend } = money.scene;
    const total = (names: readonly string[]) =>
      `values(currency: "EUR") { ${names.map((name) => `${name} ${SUM}`).join(' ')} }`;
    const { person, holder } = await askData(
      money.api,
      `{ person(holders: ["${founder}", "${friend}"], at: {block: ${block}}) {
           ${total(['assignedWei', ...OWED])}
           positions { entitlements { asset ${valued(['assignedWei', ...OWED])} } } }
         holder(address: "${founder}", at: {block: ${block}}) { ${total([...OWED, 'balance'])}
           positions { entitlement { ${valued(OWED)} }
             assetEntitlements { entitlement { ${valued(OWED)} } } } } }`,
    );
    const [{ entitlements }] = person.positions;
    for (const entitlement of entitlements) await expectWorth(entitlement, entitlement.asset);
    const [{ entitlement, assetEntitlements }] = holder.positions;
    const alone = [entitlement, ...assetEntitlements.map((one: Node) => one.entitlement)];
    for (const name of OWED) {
      const sum = (parts: readonly Node[]) =>
        sumOfDecimals(
          parts.map(({ values }) => (values as Record<string, Value>)[name]?.amount ?? '?'),
        );
      const common = { basis: 'AT_MOMENT', asOf: { block }, missing: [] };
      expect(person.values[name]).toMatchObject({ ...common, amount: sum(entitlements) });
      expect(holder.values[name]).toMatchObject({ ...common, amount: sum(alone) });
    }
    expect(holder.values.balance).toMatchObject({
      amount: null,
      missing: [{ reason: 'NO_FEED', sum: '600' }],
    });
  });

  test('a claim plan is worth the sum of its payments now; what lacks a price is named', async () => {
    const { claimPlan } = await askData(
      money.api,
      `{ claimPlan(address: "${money.scene.founder}") {
           usd: values(currency: "USD") { pays ${SUM} } eur: values(currency: "EUR") { pays ${SUM} }
           steps { pays { asset { address } ${valued(['amount'], 'USD')} } }
           remains { assets { ${valued(['claimable', 'accruing', 'redeemable'], 'USD')} } } } }`,
    );
    const pays = claimPlan.steps.flatMap((step: { pays: Node[] }) => step.pays);
    const amounts = pays.map(({ values }: Node) => (values as Record<string, Value>).amount);
    expect(pays).toHaveLength(2);
    expect(claimPlan.usd.pays).toMatchObject({
      basis: 'AT_MOMENT',
      amount: sumOfDecimals(amounts.map((value: Value) => value.amount ?? '?')),
      amounts: 2,
      missing: [],
    });
    expect(claimPlan.eur.pays).toMatchObject({
      amount: null,
      known: null,
      amounts: 2,
      missingAmounts: 2,
    });
    expect(claimPlan.eur.pays.missing).toEqual(
      expect.arrayContaining([
        { asset: 'native', reason: 'NOT_POSITIVE', amounts: 1, sum: pays[0].amount },
        {
          asset: shown(money.scene.dollar.address),
          reason: 'NOT_POSITIVE',
          amounts: 1,
          sum: pays[1].amount,
        },
      ]),
    );
    const [native] = claimPlan.remains[0].assets;
    expect(native.values.claimable).toMatchObject({ amount: '0', amounts: 0 });
    expect(Number(native.values.redeemable.amount)).toBeGreaterThan(0);
  });

  test('a value needs a currency that is one', async () => {
    const { message } = await askError(
      money.api,
      `{ token(${addressArgs()}) { values(currency: "euro") { balanceWei { amount } } } }`,
    );
    expect(message).toContain('"euro" is not the code of a currency');
  });
});
