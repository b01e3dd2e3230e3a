import { getAddress } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { askData, askError, startTestApi } from '../support.js';

let scene: AssetScene;
let api: RunningApi;
let variables: Record<string, unknown>;

beforeAll(async () => {
  scene = await AssetScene.start();
  await scene.liveThrough();
  const { chain, token, dollar, friend } = scene;
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  api = await startTestApi(databaseUrl);
  const { number: head } = await latestBlock(chain);
  variables = {
    chainId: chain.chainId,
    token: token.address,
    friend,
    dollar: dollar.address,
    beforeAcceptance: head - 4,
  };
});

afterAll(() => api.close());

test('a token lists the assets that it shares and where they are; an unknown contract that calls itself WETH has no symbol', async () => {
  const data = await askData(
    api,
    `query ($chainId: SafeInt!, $token: Address!) {
      token(chainId: $chainId, address: $token) {
        policy { name } balanceWei
        assets {
          address symbol symbolOnChain decimals balance received claimed redeemed
          pools { newRevenueWei claimableWei redeemableWei redeemedFromNewWei }
          snapshots(direction: ASC) {
            nodes { snapshotId newRevenueWei claimableWei claimedWei supply }
          }
        }
      }
    }`,
    variables,
  );
  const snapshot = (
    snapshotId: number,
    newRevenueWei: string,
    claimableWei: string,
    claimedWei: string,
    supply: string,
  ) => ({ snapshotId, newRevenueWei, claimableWei, claimedWei, supply });
  expect(data.token).toEqual({
    policy: { name: 'alt-revenue' },
    balanceWei: '50',
    assets: [
      {
        address: getAddress(scene.dollar.address),
        symbol: null,
        symbolOnChain: 'USD',
        decimals: 6,
        balance: '858',
        received: '1501',
        claimed: '613',
        redeemed: '30',
        pools: {
          newRevenueWei: '0',
          claimableWei: '587',
          redeemableWei: '271',
          redeemedFromNewWei: '0',
        },
        snapshots: {
          nodes: [
            snapshot(1, '1000', '800', '480', '1000'),
            snapshot(2, '501', '400', '133', '900'),
          ],
        },
      },
      {
        address: getAddress(scene.wrapped.address),
        symbol: null,
        symbolOnChain: 'WETH',
        decimals: 18,
        balance: '52',
        received: '70',
        claimed: '18',
        redeemed: '0',
        pools: {
          newRevenueWei: '0',
          claimableWei: '38',
          redeemableWei: '14',
          redeemedFromNewWei: '0',
        },
        snapshots: {
          nodes: [snapshot(1, '0', '0', '0', '1000'), snapshot(2, '70', '56', '18', '900')],
        },
      },
    ],
  });
});

test('a holder sees what it is owed in every asset, now and at an earlier block', async () => {
  const query = `query ($friend: Address!, $chainId: SafeInt!, $beforeAcceptance: SafeInt!) {
    now: holder(address: $friend) { positions { ...owed } }
    earlier: holder(address: $friend, chainId: $chainId, at: { block: $beforeAcceptance }) {
      positions { ...owed }
    }
  }
  fragment owed on HolderPosition {
    balance
    assetEntitlements {
      asset { symbolOnChain }
      entitlement {
        totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei
        snapshots { snapshotId state claimableWei claimedWei }
      }
    }
  }`;
  const data = await askData(api, query, variables);
  const dollarNow = {
    totalClaimableWei: '320',
    claimedWei: '133',
    redeemedWei: '30',
    expiredWei: '0',
    redeemableWei: '90',
    // The dollars of snapshot 1 that are unclaimed come back with snapshot 3.
    accruingWei: '106',
    snapshots: [
      { snapshotId: 1, state: 'OPEN', claimableWei: '320', claimedWei: '0' },
      { snapshotId: 2, state: 'CLAIMED', claimableWei: '0', claimedWei: '133' },
    ],
  };
  expect(data.now.positions).toEqual([
    {
      balance: '300',
      assetEntitlements: [
        { asset: { symbolOnChain: 'USD' }, entitlement: dollarNow },
        {
          asset: { symbolOnChain: 'WETH' },
          entitlement: {
            totalClaimableWei: '0',
            claimedWei: '18',
            redeemedWei: '0',
            expiredWei: '0',
            redeemableWei: '4',
            accruingWei: '0',
            snapshots: [
              { snapshotId: 1, state: 'NOTHING', claimableWei: '0', claimedWei: '0' },
              { snapshotId: 2, state: 'CLAIMED', claimableWei: '0', claimedWei: '18' },
            ],
          },
        },
      ],
    },
  ]);
  expect(data.earlier.positions).toMatchObject([
    { balance: '300', assetEntitlements: [{ asset: { symbolOnChain: 'USD' } }] },
  ]);
});

test('lists have ETH, or the requested asset', async () => {
  const query = `query ($filter: ReceiptFilter!, $ofHolders: ClaimFilter!, $burned: RedemptionFilter!) {
    receipts(filter: $filter, direction: ASC) {
      nodes { asset amountWei kind payer token { symbolOnChain } }
    }
    claims(filter: $ofHolders, direction: ASC) {
      nodes { asset holder snapshotId amountWei snapshotClaimedWei }
    }
    redemptions(filter: $burned) {
      nodes { asset burned amountWei fromNewWei fromPoolWei }
    }
  }`;
  const payer = getAddress(scene.payer);
  const founder = getAddress(scene.founder);
  const friend = getAddress(scene.friend);
  const inAsset = (asset: object) => {
    const filter = { token: variables.token, ...asset };
    return askData(api, query, { filter, ofHolders: filter, burned: filter });
  };
  const inEther = await inAsset({});
  expect(inEther).toEqual({
    receipts: {
      nodes: [
        { asset: null, amountWei: '100', kind: 'CALL', payer, token: { symbolOnChain: 'MDL' } },
      ],
    },
    claims: {
      nodes: [
        {
          asset: null,
          holder: founder,
          snapshotId: 1,
          amountWei: '48',
          snapshotClaimedWei: '48',
        },
      ],
    },
    redemptions: {
      nodes: [{ asset: null, burned: '100', amountWei: '2', fromNewWei: '0', fromPoolWei: '2' }],
    },
  });
  const asset = getAddress(scene.dollar.address);
  const receipt = { asset, kind: 'TRANSFER', payer, token: { symbolOnChain: 'MDL' } };
  expect(await inAsset({ asset: scene.dollar.address })).toEqual({
    receipts: {
      nodes: [
        { ...receipt, amountWei: '1000' },
        { ...receipt, amountWei: '501' },
      ],
    },
    claims: {
      nodes: [
        { asset, holder: founder, snapshotId: 1, amountWei: '480', snapshotClaimedWei: '480' },
        { asset, holder: friend, snapshotId: 2, amountWei: '133', snapshotClaimedWei: '133' },
      ],
    },
    redemptions: {
      nodes: [{ asset, burned: '100', amountWei: '30', fromNewWei: '10', fromPoolWei: '20' }],
    },
  });
  // What was there before the token accepted it came without a log that could be its receipt.
  expect(await inAsset({ asset: scene.wrapped.address })).toMatchObject({
    receipts: { nodes: [{ amountWei: '70', kind: 'UNTRACED', payer: null }] },
    claims: { nodes: [{ amountWei: '18' }] },
    redemptions: { nodes: [] },
  });
});

test('an asset that no token shares is refused', async () => {
  const asset = scene.token.address;
  const { code, hint } = await askError(
    api,
    `query ($token: Address!, $asset: Address) {
      receipts(filter: { token: $token, asset: $asset }) { nodes { amountWei } }
    }`,
    { ...variables, asset },
  );
  expect(code).toBe('UNKNOWN_ASSET');
  expect(hint).toContain('`assets` of a token');
});

test('the trial balance covers every asset and shows dust separately', async () => {
  const data = await askData(
    api,
    `query ($chainId: SafeInt!, $token: Address!) {
      trialBalance(chainId: $chainId, token: $token, splitDust: true) {
        heldWei balanceWei
        assets { asset held balance }
        accounts { asset account balanceWei held }
      }
    }`,
    variables,
  );
  const { accounts, ...sums } = data.trialBalance;
  const dollar = getAddress(scene.dollar.address);
  const wrapped = getAddress(scene.wrapped.address);
  expect(sums).toEqual({
    heldWei: '50',
    balanceWei: '50',
    assets: [
      { asset: 'native', held: '50', balance: '50' },
      { asset: dollar, held: '858', balance: '858' },
      { asset: wrapped, held: '52', balance: '52' },
    ],
  });
  const inWrapped = accounts
    .filter(({ asset }: { asset: string }) => asset === wrapped)
    .map(({ account, balanceWei, held }: Record<string, unknown>) => [account, balanceWei, held]);
  // 56 for 900 units: 37 for the founder's 600, 18 for the friend's 300, 1 for nobody.
  expect(inWrapped).toEqual([
    ['claimable/2', '37', true],
    ['claimed', '18', false],
    ['dust/2', '1', true],
    ['income/untraced', '-70', false],
    ['new-revenue', '0', true],
    ['redeemable', '14', true],
  ]);
});

test('the journal and revenue by source are separate for each asset', async () => {
  const data = await askData(
    api,
    `query ($chainId: SafeInt!, $token: Address!, $dollar: Address!, $asset: Asset!) {
      journal(filter: { token: $token, asset: $asset, kind: CLAIM }, direction: ASC) {
        nodes { asset kind amountWei token { symbolOnChain } contract postings { account amountWei } }
      }
      revenue(chainId: $chainId, token: $token, asset: $dollar) { source amountWei receipts }
    }`,
    { ...variables, asset: scene.dollar.address },
  );
  const asset = getAddress(scene.dollar.address);
  const common = { asset, kind: 'CLAIM', token: { symbolOnChain: 'MDL' } };
  const contract = getAddress(scene.token.address);
  const postings = (account: string, amount: number) => [
    { account, amountWei: `-${amount}` },
    { account: 'claimed', amountWei: `${amount}` },
  ];
  expect(data).toEqual({
    journal: {
      nodes: [
        { ...common, contract, amountWei: '480', postings: postings('claimable/1', 480) },
        { ...common, contract, amountWei: '133', postings: postings('claimable/2', 133) },
      ],
    },
    revenue: [{ source: 'UNKNOWN', amountWei: '1501', receipts: 2 }],
  });
});
