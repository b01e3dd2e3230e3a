import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute, latestBlock, mineBlock } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract } from '../../../devnet/deploy.js';
import { deployOracle, modelAsk, modelUpload } from '../../../devnet/oracleContracts.js';
import type { Address } from '../../../src/address.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { DATASETS } from '../../../src/export/catalogue.js';
import { exportRows, exportText } from '../../export/support.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { CollectionScene, text } from '../../support/scenes/collectionScene.js';
import { DOLLAR } from '../../support/scenes/priceScene.js';
import { askData, startTestApi } from '../support.js';

const TERMS = 'what would be charged or was offered: no money moved';
const PART = 'a part of an entry or of an answer that has the price';
const SHARES = 'shares of a pool have no feed: what they are owed has values, in `through`';

/** Types with amounts and no value, each with the reason. */
const WITHOUT_VALUE: Readonly<Record<string, string>> = {
  TokenYield: 'ratios; `tokenPrice`, `assetPrice` and `againstPrice` are in the currency',
  Ratio: PART,
  DepositPool: SHARES,
  PoolShare: SHARES,
  EntitlementProof:
    'a leaf of a tree, to be checked by contracts: the share is in SnapshotEntitlement',
  RevenueGroup: 'the older form of ReceiptTotals, which has values',
  ModelTerms: TERMS,
  ModelOpening: TERMS,
  ExactPrice: TERMS,
  BurnPayment: 'what a burn would pay if it were made now',
  BurnPlan: 'tokens that would be burned',
  EarnedSource: 'parts of assignedWei of the step, which has a value',
  ClaimTransaction: 'it sends nothing along',
  MoneyValue: PART,
  ValueSum: PART,
  MissingPrice: PART,
};

/** Datasets without values, each with the reason. */
const STANDING = 'a figure as of a block, not an entry: entries that made it have values';
const SUM = 'a sum over entries of many prices: the entries have values';

/** Whole numbers that count things or name them, and no money. */
const NO_AMOUNTS = new Set([
  ...['modelId', 'requestId', 'roundId', 'tokenId', 'figures', 'interval', 'mintCount'],
  ...['batchSize', 'gas', 'gasLimit', 'ours', 'contract', 'answer', 'price', 'seconds'],
  'leftMs',
]);

function hasAmount(type: GraphQLObjectType): boolean {
  return Object.values(type.getFields()).some(
    (field) =>
      ['BigInt', 'Decimal'].includes(getNamedType(field.type).name) && !NO_AMOUNTS.has(field.name),
  );
}

describe('every type with an amount', () => {
  const types = Object.values(buildApiSchema().getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && hasAmount(type));
  const isValued = (type: GraphQLObjectType) => {
    const { value, noPrice, values } = type.getFields();
    if (values !== undefined) return true;
    if (value === undefined) return false;
    // A sum says itself what it lacks.
    return noPrice !== undefined || getNamedType(value.type).name === 'ValueSum';
  };

  test('has its value at the time, or a reason why not', () => {
    const silent = types.filter((type) => !isValued(type)).map(({ name }) => name);
    expect(silent.toSorted()).toEqual(Object.keys(WITHOUT_VALUE).toSorted());
  });

  test('declares its own time, without any exemption', () => {
    const timed = types.filter((type) => 'timestamp' in type.getFields());
    expect(timed.filter((type) => !isValued(type)).map(({ name }) => name)).toEqual([]);
    expect(timed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Receipt', 'ModelPayout', 'Mint', 'Snapshot', 'SaleEntry']),
    );
  });
});

const MODEL_ID = 21n;

let scene: CollectionScene;
let oracle: DeployedContract;
let databaseUrl: string;
let api: RunningApi;
/** The last block at which ETH has a price. */
let priced: number;

/** ETH at 2000 dollars and the token at half a dollar; at the end ETH has no price any more. */
beforeAll(async () => {
  scene = await CollectionScene.start();
  const { chain, token, founder, alice } = scene;
  const aggregator = (decimals: number, name: string) =>
    deployContract(chain, 'PriceAggregator', [decimals, name], { from: founder });
  const eth = await aggregator(8, 'ETH / USD');
  const share = await aggregator(18, 'MDL / USD');
  oracle = await deployOracle(chain, { from: founder });
  const upload = {
    modelId: MODEL_ID,
    receiver: token.address,
    fee: 1000n,
    receiverPercentage: 70n,
  };
  await execute(chain, {
    from: founder,
    to: oracle.address,
    data: modelUpload(oracle, 'uploadModel', upload),
  });
  const cats = await scene.collection('AigcCollection', ['Cats', 'CAT', 4, token.address, 60]);

  await scene.call(founder, token, 'transfer', [alice, 100n]);
  await scene.call(founder, eth, 'submit', [2000n * DOLLAR]);
  await scene.call(founder, share, 'submit', [5n * 10n ** 17n]);
  await scene.call(alice, cats, 'mint', [alice, text('a cat')], 1000n);
  await payOut();
  await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
  await scene.call(founder, token, 'snapshot', []);
  await scene.call(founder, token, 'transfer', [alice, 400n]);
  await scene.call(alice, token, 'burn', [40n]);
  priced = (await latestBlock(chain)).number;
  await scene.call(founder, eth, 'submit', [-1n]);
  await payOut();

  databaseUrl = await freshDatabase();
  const feed = { currency: 'USD', startBlock: null, staleAfterSeconds: null };
  await indexTo({
    ...scene.request(),
    databaseUrl,
    oracles: [{ address: oracle.address }],
    prices: [
      { ...feed, asset: 'native', aggregator: eth.address as Address },
      {
        ...feed,
        asset: token.address.toLowerCase() as Address,
        aggregator: share.address as Address,
      },
    ],
  });
  api = await startTestApi(databaseUrl);
});
afterAll(() => api.close());

/** A request to the model, and what it brought to its receiver. */
async function payOut(): Promise<void> {
  const data = modelAsk(oracle, { input: '0x1234', modelId: MODEL_ID });
  await execute(scene.chain, { from: scene.alice, to: oracle.address, data, valueWei: 1000n });
  await scene.call(scene.bob, oracle, 'claimModelRevenue', [MODEL_ID]);
}

const VALUE = 'value(currency: "USD") { amount price roundId } noPrice(currency: "USD")';
const worth = (amount: string, price = '2000') => ({
  value: { amount, price, roundId: '1' },
  noPrice: null,
});
const unknown = (noPrice: string) => ({ value: null, noPrice });

describe('values, exact, by the round of the time', () => {
  test('a payout of a model has a value, unless there was no price', async () => {
    const { models } = await askData(
      api,
      `{ models { nodes { payouts(direction: ASC) { nodes { amount ${VALUE} } } } } }`,
    );
    expect(models.nodes[0].payouts.nodes).toEqual([
      { amount: '700', ...worth('0.0000000000014') },
      { amount: '700', ...unknown('NOT_POSITIVE') },
    ]);
  });

  test('mints have values, and so has their revenue for the token', async () => {
    const { mints, aigcTokens } = await askData(
      api,
      `{ mints { nodes { paidWei ${VALUE} revenue { amountWei ${VALUE} } } }
         aigcTokens { nodes { mint { paidWei ${VALUE} revenue { amountWei ${VALUE} } } } } }`,
    );
    const mint = {
      paidWei: '1000',
      ...worth('0.000000000002'),
      revenue: [{ amountWei: '600', ...worth('0.0000000000012') }],
    };
    expect(mints.nodes).toEqual([mint]);
    expect(aigcTokens.nodes).toEqual([{ mint }]);
  });

  test('the amount that a snapshot assigns has a value', async () => {
    const { snapshots } = await askData(
      api,
      `{ snapshots(chainId: ${scene.chain.chainId}, token: "${scene.token.address}") {
           nodes { claimableWei ${VALUE} } } }`,
    );
    // 80 % of 600 + 700.
    expect(snapshots.nodes).toEqual([{ claimableWei: '1040', ...worth('0.00000000000208') }]);
  });

  test('transfers have values if the token has a feed', async () => {
    const { transfers } = await askData(
      api,
      `{ transfers(direction: ASC, filter: { to: "${scene.alice}" }) { nodes { amount ${VALUE} } } }`,
    );
    expect(transfers.nodes).toEqual([
      { amount: '100', ...unknown('NO_ROUND') },
      { amount: '400', ...worth('0.0000000000000002', '0.5') },
    ]);
  });

  test('what moved and was burned of a token has values by its feed, each entry and at a moment', async () => {
    const sum = 'sum value { basis amount known amounts missingAmounts price }';
    const { entries, moment, burned } = await askData(
      api,
      `{ entries: transferTotals(currency: "USD", filter: { to: "${scene.alice}" }) { amount { ${sum} } }
         moment: transferTotals(currency: "USD", basis: AT_MOMENT, groupBy: [TOKEN],
           filter: { to: "${scene.alice}" }) { amount { ${sum} } }
         burned: redemptionTotals(currency: "USD") { burned { ${sum} } amountWei { sum } } }`,
    );
    const known = { amount: '0.0000000000000002', known: '0.0000000000000002' };
    expect(entries[0].amount).toEqual({
      sum: '500',
      value: {
        ...{ ...known, amount: null },
        basis: 'AT_EACH_ENTRY',
        amounts: 2,
        missingAmounts: 1,
        price: null,
      },
    });
    const worth = '0.00000000000000025';
    expect(moment[0].amount).toEqual({
      sum: '500',
      value: {
        basis: 'AT_MOMENT',
        amount: worth,
        known: worth,
        amounts: 1,
        missingAmounts: 0,
        price: '0.5',
      },
    });
    expect(burned[0].burned).toMatchObject({
      sum: '40',
      value: { basis: 'AT_EACH_ENTRY', amount: '0.00000000000000002', amounts: 1 },
    });
  });

  test('what models and collections brought and owe has values at a moment, or the reason why not', async () => {
    const ofModels = `models(at: {block: ${priced}}) { nodes { fee accrued
      values(currency: "USD") { fee { amount } accrued { amount } }
      totals { values(currency: "USD") { fees { amount } receiverPart { amount } protocolPart { amount }
        paidOut { amount asOf { block } } } } } }`;
    const ofCollections = `collections { nodes { paidWei values(currency: "USD") {
      paidWei { amount missing { reason sum } } revenueWei { known } besideRevenueWei { amount } } } }`;
    const { models, collections } = await askData(api, `{ ${ofModels} ${ofCollections} }`);
    const fee = { amount: '0.000000000002' };
    expect(models.nodes).toEqual([
      {
        fee: '1000',
        accrued: '0',
        values: { fee, accrued: { amount: '0' } },
        totals: [
          {
            values: {
              fees: fee,
              receiverPart: { amount: '0.0000000000014' },
              protocolPart: { amount: '0.0000000000006' },
              paidOut: { amount: '0.0000000000014', asOf: { block: priced } },
            },
          },
        ],
      },
    ]);
    expect(collections.nodes).toEqual([
      {
        paidWei: '1000',
        values: {
          paidWei: { amount: null, missing: [{ reason: 'NOT_POSITIVE', sum: '1000' }] },
          revenueWei: { known: null },
          besideRevenueWei: { amount: '0' },
        },
      },
    ]);
  });

  test('fees of requests have values, or the reason why there is none', async () => {
    const { requests } = await askData(
      api,
      `{ requests(direction: ASC) { nodes { fee ${VALUE} } } }`,
    );
    expect(requests.nodes).toEqual([
      { fee: '1000', ...worth('0.000000000002') },
      { fee: '1000', ...unknown('NOT_POSITIVE') },
    ]);
  });

  test('values are the same in exports and in the API', async () => {
    const told = async (dataset: string, name: string) =>
      (await exportRows(databaseUrl, dataset, { currency: 'USD' })).map((row) => [
        row[name],
        row.value_usd,
        row.price_usd,
        row.price_round_usd,
      ]);
    expect(await told('model-payouts', 'amount')).toEqual([
      ['700', '0.0000000000014', '2000', '1'],
      ['700', null, null, null],
    ]);
    expect(await told('mints', 'paid')).toEqual([['1000', '0.000000000002', '2000', '1']]);
    expect((await told('transfers', 'amount')).slice(1)).toEqual([
      ['100', null, null, null],
      ['400', '0.0000000000000002', '0.5', '1'],
      ['40', '0.00000000000000002', '0.5', '1'],
    ]);
  });
});

describe('model payouts as an export', () => {
  const ofReceiver = (holder: string) => exportRows(databaseUrl, 'model-payouts', { holder });

  test('payouts as an export name the receiver, the model and the cause', async () => {
    const [row, ...others] = await ofReceiver(scene.token.address);
    const token = scene.token.address.toLowerCase();
    expect(row).toMatchObject({
      token,
      asset: 'native',
      oracle: oracle.address.toLowerCase(),
      model_id: '21',
      cause: 'claim',
      caller: scene.bob.toLowerCase(),
      receiver: token,
      amount: '700',
    });
    expect(others).toHaveLength(1);
    expect(await ofReceiver(scene.bob)).toEqual([]);
  });

  test('continue where they were interrupted', async () => {
    const { manifest } = await exportText(databaseUrl, 'model-payouts');
    const all = await exportRows(databaseUrl, 'model-payouts');
    const point = { cursor: all[0]?.row_id, resume: manifest.resume ?? '' };
    expect(await exportRows(databaseUrl, 'model-payouts', point)).toEqual(all.slice(1));
  });
});

const UNVALUED: Readonly<Record<string, string>> = {
  holders: STANDING,
  entitlements: STANDING,
  through: STANDING,
  participations: SUM,
  fees: SUM,
  'aigc-contents': 'a content has no amount',
  'rotki-trades': 'the import of rotki has no column for a value',
  'rotki-events': 'the import of rotki has no column for a value',
};

test('every dataset of entries has values, or a reason why not', () => {
  const silent = DATASETS.filter(({ priced }) => priced === undefined).map(({ name }) => name);
  expect(silent.toSorted()).toEqual(Object.keys(UNVALUED).toSorted());
});
