import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Address, checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { OracleScene } from '../../support/scenes/oracleScene.js';
import { askData, askError, startTestApi } from '../support.js';

const HUGE = 2n ** 160n - 1n;

let api: RunningApi;
let midLife: RunningApi;
/** Knows a model that is paid in an ERC-20. */
let inCoin: RunningApi;
/** The same, without a node. */
let nodeless: RunningApi;
let scene: OracleScene;
/** The block of the first request. */
let firstBlock: number;

beforeAll(async () => {
  scene = await OracleScene.start();
  const { oracle, first, client, user } = scene;
  await scene.upload({ modelId: HUGE });
  const { blockNumber } = await scene.ask({ modelId: HUGE }, 1000n);
  firstBlock = Number(blockNumber);
  await scene.call(oracle, 'setModelFee', [HUGE, 500n]);
  await scene.ask({ modelId: HUGE, batchSize: 3n }, 1501n);
  await scene.call(oracle, 'invokeCallback', [1n, '0xbeef'], { priorityFeeWei: 2n });
  await scene.call(oracle, 'updateResult', [1n, '0xcafe']);
  await scene.call(oracle, 'claimModelRevenue', [HUGE], { from: client });
  const called = { callbackContract: user.address, gasLimit: 200_000n };
  await scene.ask({ modelId: HUGE, ...called }, 400_500n);
  await scene.upload({ modelId: 11n, fee: 7n }, first);
  await scene.call(first, 'removeModel', [11n]);
  api = await startTestApi(await scene.index());
  midLife = await startTestApi(await scene.index({ startBlock: firstBlock + 2 }));
  const { chain } = scene;
  await scene.upload({ modelId: 12n, token: scene.money.address });
  const chains = [{ id: chain.chainId, name: 'devnet', rpcUrl: chain.url }];
  const url = await scene.index();
  inCoin = await startTestApi(url, { chains });
  nodeless = await startTestApi(url);
});

afterAll(() => Promise.all([api, midLife, inCoin, nodeless].map((one) => one.close())));

const address = (text: string) => checksummed(text as Address);

describe('models of an oracle', () => {
  const query = `query ($filter: ModelFilter = {}, $at: AtInput) {
    models(filter: $filter, at: $at) { totalCount nodes {
      modelId exists fee paymentToken receiver receiverPercentage accrued
      oracle { address chainId }
      totals { paymentToken requests fees receiverPart protocolPart paidOut } } } }`;

  test('have terms, accrued revenue and totals', async () => {
    const { models } = await askData(api, query, { filter: { oracle: scene.oracle.address } });
    expect(models).toEqual({
      totalCount: 1,
      nodes: [
        {
          modelId: HUGE.toString(),
          exists: true,
          fee: '500',
          paymentToken: null,
          receiver: address(scene.receiver),
          receiverPercentage: 70,
          accrued: '350',
          oracle: { address: address(scene.oracle.address), chainId: 31337 },
          totals: [
            {
              paymentToken: null,
              requests: '3',
              fees: '3000',
              receiverPart: '2100',
              protocolPart: '900',
              paidOut: '1750',
            },
          ],
        },
      ],
    });
  });

  test('are listed as of an earlier block; none before the first upload', async () => {
    const { models } = await askData(api, query, { at: { block: firstBlock } });
    expect(models.nodes).toMatchObject([{ fee: '1000', accrued: '700' }]);
    const before = await askData(api, query, { at: { block: firstBlock - 2 } });
    expect(before.models).toEqual({ totalCount: 0, nodes: [] });
  });

  test('are filtered by receiver and existence', async () => {
    const removed = await askData(api, query, { filter: { exists: false } });
    expect(removed.models.nodes).toMatchObject([{ modelId: '11', exists: false, fee: '7' }]);
    const strange = await askData(api, query, { filter: { receiver: scene.owner } });
    expect(strange.models.totalCount).toBe(0);
  });

  test('have a paged history of their terms and payouts', async () => {
    const history = `query ($after: String) { models(filter: {modelId: "${HUGE}"}) { nodes {
      opening { fee }
      changes(first: 1, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { kind block terms { exists fee receiverPercentage } } }
      payouts { nodes { cause caller receiver paymentToken amount } } } } }`;
    const [first] = (await askData(api, history)).models.nodes;
    expect(first).toMatchObject({
      opening: null,
      changes: {
        totalCount: 2,
        pageInfo: { hasNextPage: true },
        nodes: [{ kind: 'UPLOAD', terms: { exists: true, fee: '1000', receiverPercentage: 70 } }],
      },
      payouts: {
        nodes: [
          {
            cause: 'CLAIM',
            caller: address(scene.client),
            receiver: address(scene.receiver),
            paymentToken: null,
            amount: '1750',
          },
        ],
      },
    });
    const narrowed = `{ models(filter: {modelId: "${HUGE}"}) { nodes {
      changes(where: {kind: {_neq: UPLOAD}}) { totalCount nodes { kind } }
      payouts(where: {amount: {_gt: "1750"}}) { totalCount } } } }`;
    expect((await askData(api, narrowed)).models.nodes).toEqual([
      { changes: { totalCount: 1, nodes: [{ kind: 'FEE' }] }, payouts: { totalCount: 0 } },
    ]);
    const after = first.changes.pageInfo.endCursor;
    const [second] = (await askData(api, history, { after })).models.nodes;
    expect(second.changes.nodes).toMatchObject([{ kind: 'FEE', terms: { fee: '500' } }]);
  });

  test('that existed before indexing show their opening state', async () => {
    const opened = `query ($at: AtInput) { models(at: $at) { nodes {
      fee accrued opening { exists fee accrued } totals { requests } } } }`;
    const { models } = await askData(midLife, opened, { at: { block: firstBlock + 2 } });
    const opening = { exists: true, fee: '500', accrued: '700' };
    const totals = [{ requests: '1' }];
    expect(models.nodes).toEqual([{ fee: '500', accrued: '1750', opening, totals }]);
  });

  test('are refused if their oracle is not indexed', async () => {
    const error = await askError(api, query, { filter: { oracle: scene.owner } });
    expect(error.code).toBe('UNKNOWN_ORACLE');
    expect(error.hint).toContain('imo.yaml');
  });
});

describe('what a model is paid in', () => {
  const query = `{ models(filter: { exists: true }) { nodes {
    modelId payment { address symbol symbolOnChain decimals } totals { payment { symbol } } } } }`;

  test('has the symbol and the decimals that the contract says; that of a currency is not shown as its own', async () => {
    const { models } = await askData(inCoin, query);
    expect(models.nodes).toEqual([
      {
        modelId: '12',
        payment: {
          address: address(scene.money.address),
          symbol: null,
          symbolOnChain: 'MDL',
          decimals: 18,
        },
        totals: [],
      },
      {
        modelId: HUGE.toString(),
        payment: { address: null, symbol: 'ETH', symbolOnChain: null, decimals: 18 },
        totals: [{ payment: { symbol: 'ETH' } }],
      },
    ]);
  });

  test('is not known where no node can be asked', async () => {
    const { models } = await askData(nodeless, query);
    expect(models.nodes[0].payment).toEqual({
      ...{
        address: address(scene.money.address),
        symbol: null,
        symbolOnChain: null,
        decimals: null,
      },
    });
  });
});

describe('requests to models', () => {
  const query = `query ($filter: RequestFilter = {}, $first: Int, $after: String, $at: AtInput) {
    requests(filter: $filter, first: $first, after: $after, direction: ASC, at: $at) {
      totalCount pageInfo { endCursor hasNextPage }
      nodes { requestId modelId account payer batchSize fee receiverPart protocolPart valueWei
        gasPartWei overpaymentWei model { accrued } results { isUpdate output invoker } } } }`;

  test('have their cost, model and results', async () => {
    const { requests } = await askData(api, query);
    expect(requests.totalCount).toBe(3);
    const account = address(scene.client);
    const common = { modelId: HUGE.toString(), account, payer: account, model: { accrued: '350' } };
    expect(requests.nodes).toEqual([
      {
        ...common,
        requestId: '1',
        batchSize: '1',
        fee: '1000',
        receiverPart: '700',
        protocolPart: '300',
        valueWei: '1000',
        gasPartWei: '0',
        overpaymentWei: '0',
        results: [
          { isUpdate: false, output: '0xbeef', invoker: address(scene.owner) },
          { isUpdate: true, output: '0xcafe', invoker: address(scene.owner) },
        ],
      },
      {
        ...common,
        requestId: '2',
        batchSize: '3',
        fee: '1500',
        receiverPart: '1050',
        protocolPart: '450',
        valueWei: '1501',
        gasPartWei: '0',
        overpaymentWei: '1',
        results: [],
      },
      {
        ...common,
        requestId: '3',
        batchSize: '1',
        fee: '500',
        receiverPart: '350',
        protocolPart: '150',
        valueWei: '400500',
        gasPartWei: '400000',
        overpaymentWei: '0',
        results: [],
      },
    ]);
  });

  test('have results that are filtered and paged', async () => {
    const results = async (args: string) => {
      const data = await askData(
        api,
        `{ requests(direction: ASC) { nodes { resultsConnection(${args}) { totalCount
          nodes { output oracle { address } requestId account } pageInfo { endCursor } } } } }`,
      );
      return data.requests.nodes.map(
        (node: { resultsConnection: unknown }) => node.resultsConnection,
      );
    };
    const outputs = async (args: string) => {
      const [first, ...others] = await results(args);
      expect(others.map(({ totalCount }: { totalCount: number }) => totalCount)).toEqual([0, 0]);
      expect(first.totalCount).toBeGreaterThanOrEqual(first.nodes.length);
      return first.nodes.map(({ output }: { output: string }) => output);
    };
    const [{ nodes, pageInfo }] = await results('first: 1');
    expect(nodes).toEqual([
      {
        output: '0xbeef',
        oracle: { address: address(scene.oracle.address) },
        requestId: '1',
        account: address(scene.client),
      },
    ]);
    expect(await outputs('direction: DESC')).toEqual(['0xcafe', '0xbeef']);
    expect(await outputs('where: { isUpdate: { _eq: true } }')).toEqual(['0xcafe']);
    expect(await outputs(`where: { oracle: { _neq: "${scene.oracle.address}" } }`)).toEqual([]);
    expect(
      await outputs('where: { chainId: { _gt: 0 }, _not: { isUpdate: { _eq: true } } }'),
    ).toEqual(['0xbeef']);
    const { requests } = await askData(
      api,
      `{ requests(where: { requestId: { _eq: "1" } }) { nodes {
        resultsConnection(first: 1, after: "${pageInfo.endCursor}") { nodes { output } } } } }`,
    );
    expect(requests.nodes).toEqual([{ resultsConnection: { nodes: [{ output: '0xcafe' }] } }]);
  });

  test('are filtered, paged and read as of a block', async () => {
    const cheap = { filter: { fee: { lte: '1000' }, modelId: HUGE.toString() } };
    const first = (await askData(api, query, { ...cheap, first: 1 })).requests;
    expect(first).toMatchObject({ totalCount: 2, nodes: [{ requestId: '1' }] });
    const after = first.pageInfo.endCursor;
    const second = (await askData(api, query, { ...cheap, first: 1, after })).requests;
    expect(second).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ requestId: '3' }] });
    const filters = [
      [{ account: scene.client }, 3],
      [{ payer: scene.owner }, 0],
      [{ callbackContract: scene.user.address }, 1],
      [{ requestId: '2' }, 1],
      [{ oracle: scene.first.address }, 0],
      [{ block: { lte: firstBlock } }, 1],
    ] as const;
    for (const [filter, count] of filters) {
      expect((await askData(api, query, { filter })).requests.totalCount).toBe(count);
    }
    const then = await askData(api, query, { at: { block: firstBlock } });
    expect(then.requests.nodes).toMatchObject([{ model: { accrued: '700' }, results: [] }]);
  });
});
