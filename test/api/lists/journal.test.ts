import { expect, test } from 'vitest';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';
import { askData, startTestApi } from '../support.js';

/** Indexes a scene and asks the API. */
async function ask(scene: Scene, query: string): Promise<unknown> {
  const { chain, token, payer } = scene;
  const databaseUrl = await freshDatabase();
  const labels = [{ address: payer, name: 'treasury' }];
  await indexTo({ chain, databaseUrl, tokens: [token.address], labels });
  const api = await startTestApi(databaseUrl);
  try {
    return await askData(api, query, { chainId: chain.chainId, token: token.address });
  } finally {
    await api.close();
  }
}

/** 1000 wei from the treasury, a snapshot, a claim, 30 wei from a friend, a burn. */
async function story(): Promise<Scene> {
  const scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(scene.founder, 'claim', [1n]);
  await scene.call(scene.friend, 'deposit', ['0x'], 30n);
  await scene.call(scene.founder, 'burn', [500n]);
  return scene;
}

test('the trial balance shows where every wei is, came from and went', async () => {
  const data = await ask(
    await story(),
    `query ($chainId: SafeInt!, $token: Address!) {
      trialBalance(chainId: $chainId, token: $token) {
        heldWei balanceWei
        accounts { account held volumeInWei volumeOutWei balanceWei }
      }
    }`,
  );
  const account = (
    name: string,
    held: boolean,
    volumeInWei: string,
    volumeOutWei: string,
    balanceWei: string,
  ) => ({ account: name, held, volumeInWei, volumeOutWei, balanceWei });
  expect(data).toEqual({
    trialBalance: {
      heldWei: '127',
      balanceWei: '127',
      accounts: [
        account('claimable/1', true, '800', '800', '0'),
        account('claimed', false, '800', '0', '800'),
        account('income/known', false, '0', '1000', '-1000'),
        account('income/unknown', false, '0', '30', '-30'),
        account('new-revenue', true, '1030', '1003', '27'),
        account('redeemable', true, '200', '100', '100'),
        account('redeemed', false, '103', '0', '103'),
      ],
    },
  });
});

test('the journal of one account lists balanced postings, oldest first', async () => {
  const data = await ask(
    await story(),
    `query ($token: Address!) {
      journal(direction: ASC, filter: {token: $token, account: "redeemable"}) {
        nodes { kind amountWei postings { account amountWei balanceWei } }
      }
    }`,
  );
  const posting = (account: string, amountWei: string, balanceWei: string) => {
    return { account, amountWei, balanceWei };
  };
  expect(data).toEqual({
    journal: {
      nodes: [
        {
          kind: 'SNAPSHOT',
          amountWei: '1000',
          postings: [
            posting('new-revenue', '-1000', '0'),
            posting('claimable/1', '800', '800'),
            posting('redeemable', '200', '200'),
          ],
        },
        {
          kind: 'REDEMPTION',
          amountWei: '103',
          postings: [
            posting('new-revenue', '-3', '27'),
            posting('redeemable', '-100', '100'),
            posting('redeemed', '103', '103'),
          ],
        },
      ],
    },
  });
});

test('revenue is listed by source and by payer, with the path of each receipt', async () => {
  const scene = await story();
  const data = await ask(
    scene,
    `query ($chainId: SafeInt!, $token: Address!) {
      bySource: revenue(chainId: $chainId, token: $token) { from source amountWei receipts }
      byDay: revenue(chainId: $chainId, token: $token, groupBy: SOURCE_ADDRESS, interval: MONTH) {
        source sourceAddress amountWei
      }
      receipts(filter: {source: KNOWN}) { nodes { amountWei sourceAddress path } }
    }`,
  );
  const payer = expect.stringMatching(new RegExp(`^${scene.payer}$`, 'i'));
  expect(data).toEqual({
    bySource: [
      { from: null, source: 'KNOWN', amountWei: '1000', receipts: 1 },
      { from: null, source: 'UNKNOWN', amountWei: '30', receipts: 1 },
    ],
    byDay: [
      { source: 'KNOWN', sourceAddress: payer, amountWei: '1000' },
      { source: 'UNKNOWN', sourceAddress: null, amountWei: '30' },
    ],
    receipts: { nodes: [{ amountWei: '1000', sourceAddress: payer, path: [payer] }] },
  });
});

test('dust is separate from claimable revenue if the query requests it', async () => {
  const scene = await Scene.start();
  await scene.call(scene.founder, 'transfer', [scene.friend, 333n]);
  await scene.pay(1007n);
  await scene.snapshot();
  await scene.call(scene.founder, 'claim', [1n]);
  const data = await ask(
    scene,
    `query ($chainId: SafeInt!, $token: Address!) {
      trialBalance(chainId: $chainId, token: $token, splitDust: true) {
        heldWei
        accounts { account held volumeInWei volumeOutWei balanceWei }
      }
      accounts(chainId: $chainId, contract: $token, splitDust: true) { nodes { account balanceWei } }
      snapshots(chainId: $chainId, token: $token) { nodes { claimableWei dustWei } }
    }`,
  );
  const account = (name: string, held: boolean, volumeInWei: string, volumeOutWei: string) => {
    const balanceWei = String(BigInt(volumeInWei) - BigInt(volumeOutWei));
    return { account: name, held, volumeInWei, volumeOutWei, balanceWei };
  };
  const accounts = [
    account('claimable/1', true, '804', '536'),
    account('claimed', false, '536', '0'),
    account('dust/1', true, '1', '0'),
    account('income/known', false, '0', '1007'),
    account('new-revenue', true, '1007', '1007'),
    account('redeemable', true, '202', '0'),
  ];
  expect(data).toEqual({
    trialBalance: { heldWei: '471', accounts },
    accounts: {
      nodes: accounts.map(({ account: name, balanceWei }) => ({ account: name, balanceWei })),
    },
    snapshots: { nodes: [{ claimableWei: '805', dustWei: '1' }] },
  });
});
