import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { deployFixedPrice } from '../../../devnet/saleContracts.js';
import type { Address } from '../../../src/address.js';
import { ChainBalances } from '../../../src/api/reads/node/chainBalances.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { OracleScene } from '../../support/scenes/oracleScene.js';
import { SaleScene } from '../../support/scenes/saleScene.js';
import { askData, askError, startTestApi } from '../support.js';

const insensitive = (address: string) => expect.stringMatching(new RegExp(`^${address}$`, 'i'));

test('a trial balance has what oracles owe the token, in addition to what the token holds', async () => {
  const scene = await OracleScene.start();
  const { chain, token, oracle } = scene;
  await scene.upload({ modelId: 11n, receiver: token.address });
  await scene.upload({ modelId: 13n });
  await scene.ask({ modelId: 11n }, 1000n);
  await scene.ask({ modelId: 13n }, 1000n);
  const claim = await scene.call(oracle, 'claimModelRevenue', [11n]);
  await scene.ask({ modelId: 11n, batchSize: 2n }, 2000n);
  const api = await startTestApi(await scene.index());
  const variables = { chainId: chain.chainId, token: token.address, oracle: oracle.address };
  try {
    const trialBalance = (block: number | null) =>
      askData(
        api,
        `query ($chainId: SafeInt!, $token: Address!, $at: AtInput) {
          trialBalance(chainId: $chainId, token: $token, at: $at) {
            heldWei
            accounts { account held balanceWei }
            beside { contract contractKind account held volumeInWei volumeOutWei balanceWei }
          }
        }`,
        { ...variables, at: block === null ? null : { block } },
      );
    const upstream = { contract: insensitive(oracle.address), contractKind: 'ORACLE', held: false };
    expect(await trialBalance(null)).toEqual({
      trialBalance: {
        heldWei: '700',
        accounts: [
          { account: 'income/oracle', held: false, balanceWei: '-700' },
          { account: 'new-revenue', held: true, balanceWei: '700' },
        ],
        beside: [
          {
            ...upstream,
            account: 'upstream/11',
            volumeInWei: '2100',
            volumeOutWei: '700',
            balanceWei: '1400',
          },
        ],
      },
    });
    const before = await trialBalance(Number(claim.blockNumber) - 1);
    expect(before.trialBalance.beside).toMatchObject([{ balanceWei: '700' }]);

    expect(
      await askData(
        api,
        `query ($chainId: SafeInt!, $oracle: Address!) {
          accounts(chainId: $chainId, contract: $oracle) { nodes { asset account held balanceWei } }
        }`,
        variables,
      ),
    ).toEqual({
      accounts: {
        nodes: [
          ['income/requests', false, '-4000'],
          ['paid-out/11', false, '700'],
          ['protocol', false, '1200'],
          ['upstream/11', true, '1400'],
          ['upstream/13', true, '700'],
        ].map(([account, held, balanceWei]) => ({ asset: 'native', account, held, balanceWei })),
      },
    });

    const journal = await askData(
      api,
      `query ($oracle: Address!, $token: Address!) {
        ofOracle: journal(filter: {contract: $oracle, kind: PAYOUT}) {
          nodes { contract contractKind token { address } holder amountWei postings { account } }
        }
        ofToken: journal(filter: {token: $token}) { nodes { kind token { address } } }
        byHolder: journal(filter: {holder: $token}) { nodes { kind } }
        byAccount: journal(direction: ASC, filter: {account: "upstream/11"}) { nodes { kind } }
        all: journal { totalCount }
      }`,
      variables,
    );
    const address = insensitive(token.address);
    expect(journal).toEqual({
      ofOracle: {
        nodes: [
          {
            contract: insensitive(oracle.address),
            contractKind: 'ORACLE',
            token: null,
            holder: address,
            amountWei: '700',
            postings: [{ account: 'upstream/11' }, { account: 'paid-out/11' }],
          },
        ],
      },
      ofToken: { nodes: [{ kind: 'RECEIPT', token: { address } }] },
      byHolder: { nodes: [{ kind: 'PAYOUT' }] },
      byAccount: { nodes: [{ kind: 'ACCRUAL' }, { kind: 'PAYOUT' }, { kind: 'ACCRUAL' }] },
      all: { totalCount: 5 },
    });
    const unknown = `{ accounts(chainId: ${chain.chainId}, contract: "${scene.client}") { totalCount } }`;
    expect(await askError(api, unknown)).toMatchObject({ code: 'UNKNOWN_CONTRACT' });
  } finally {
    await api.close();
  }
});

test('the escrow of a sale appears next to the token that it sells', async () => {
  const scene = await SaleScene.start();
  const { chain, founder, friend, token } = scene.scene;
  const sale = await scene.launchpad({ target: 1000n, tokensForSale: 600n });
  const names = { from: founder, token: token.address, rate: 3n, wallet: founder };
  const contract = await deployFixedPrice(chain, names);
  await scene.add({ kind: 'fixed-price', contract }, 30n);
  await scene.call(friend, contract, 'buyTokens(address)', [friend], 2n);
  await scene.call(friend, sale, 'deposit()', [], 900n);
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  const api = await startTestApi(databaseUrl);
  try {
    const variables = { chainId: chain.chainId, token: token.address, friend };
    const data = await askData(
      api,
      `query ($chainId: SafeInt!, $token: Address!, $friend: Address!) {
        trialBalance(chainId: $chainId, token: $token) {
          heldWei beside { contract contractKind account balanceWei }
        }
        journal(filter: {holder: $friend}, direction: ASC) { nodes { kind amountWei } }
      }`,
      variables,
    );
    expect(data).toEqual({
      trialBalance: {
        heldWei: '0',
        beside: [
          {
            contract: insensitive(sale.address),
            contractKind: 'SALE',
            account: 'escrow',
            balanceWei: '900',
          },
        ],
      },
      journal: {
        nodes: [
          { kind: 'PURCHASE', amountWei: '2' },
          { kind: 'DEPOSIT', amountWei: '900' },
        ],
      },
    });
  } finally {
    await api.close();
  }
});

describe('a trial balance against the chain', () => {
  let scene: AssetScene;
  let databaseUrl: string;
  const QUERY = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput) {
    trialBalance(chainId: $chainId, token: $token, at: $at) {
      assets { asset held contractBalance contractBalanceUnavailable }
    }
  }`;

  beforeAll(async () => {
    scene = await AssetScene.start();
    await scene.liveThrough();
    databaseUrl = await freshDatabase();
    await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address] });
  });
  afterAll(() => scene.chain.stop());

  async function compared(rpcUrl: string | null, block: number | null = null) {
    const { chainId } = scene.chain;
    const chains = rpcUrl === null ? [] : [{ id: chainId, name: 'devnet', rpcUrl }];
    const api = await startTestApi(databaseUrl, { chains });
    try {
      const at = block === null ? null : { block };
      const data = await askData(api, QUERY, { chainId, token: scene.token.address, at });
      return data.trialBalance.assets;
    } finally {
      await api.close();
    }
  }

  test('has what the contract itself says it has, in each asset, at each block', async () => {
    const { number: head } = await latestBlock(scene.chain);
    expect(await compared(scene.chain.url)).toMatchObject([
      { asset: 'native', held: '50', contractBalance: '50', contractBalanceUnavailable: null },
      { held: '858', contractBalance: '858' },
      { held: '52', contractBalance: '52' },
    ]);
    const balances = new Set<string>();
    for (const block of [head - 1, head - 3, head - 6, head - 9]) {
      const assets = await compared(scene.chain.url, block);
      for (const { held, contractBalance } of assets) {
        expect([block, contractBalance]).toEqual([block, held]);
        balances.add(held);
      }
    }
    expect(balances.size).toBeGreaterThan(3);
  });

  test('says why the contract was not asked, and shows no address of a node', async () => {
    expect(await compared(null)).toMatchObject([
      {
        held: '50',
        contractBalance: null,
        contractBalanceUnavailable: 'the server was given no RPC URL for this chain',
      },
      {},
      {},
    ]);
    expect(await compared('http://user:secret@127.0.0.1:1/secret')).toMatchObject([
      {
        contractBalance: null,
        contractBalanceUnavailable: 'the node cannot be reached',
      },
      {},
      {},
    ]);
  });

  test('asks a node at most 20 times a second for all clients together', async () => {
    const balances = new ChainBalances([{ id: 1, name: 'one', rpcUrl: scene.chain.url }]);
    const owner = scene.token.address as Address;
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        balances.read(
          { chainId: 1, block: index + 1, hash: null, timestamp: null, isNewest: false },
          owner,
          null,
        ),
      ),
    );
    const refused = answers.filter(({ unavailable }) => unavailable !== null);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.unavailable).toBe('the node was asked often enough this second');
  });
});
