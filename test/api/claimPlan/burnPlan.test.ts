import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { readContract } from '../../../devnet/deploy.js';
import { checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { Scene } from '../../support/scenes/scene.js';
import { paidBy } from '../../support/scenes/sendClaims.js';
import { askData, askError, startTestApi } from '../support.js';

const BURN = `query ($token: Address!, $holder: Address!, $amount: BigInt!) {
  burnPlan(chainId: 31337, token: $token, holder: $holder, amount: $amount) {
    holder amount balance link
    asOf { block }
    token { symbolOnChain }
    pays { asset { address } paysWei accruingWei accruingAfterWei }
    transaction { chainId from to method data valueWei gas gasUnavailable }
  }
}`;
const SNAPSHOT = `query ($token: Address!, $sender: Address!) {
  snapshotPlan(chainId: 31337, token: $token, sender: $sender) {
    earliest { block timestamp } isDue isForAnyone link
    token { symbolOnChain }
    transaction { from to method data gas gasUnavailable }
  }
}`;

const sum = (text: string) => checksummed(text as `0x${string}`);

async function apiOf({ chain, token }: Scene | AssetScene): Promise<RunningApi> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const chains = [{ id: chain.chainId, name: 'devnet', rpcUrl: chain.url }];
  return startTestApi(databaseUrl, { chains });
}

describe('of a windowed token', () => {
  let scene: Scene;
  let api: RunningApi;
  const plan = async (amount: bigint) => {
    const variables = { token: scene.token.address, holder: scene.friend, amount: String(amount) };
    return (await askData(api, BURN, variables)).burnPlan;
  };

  /** 1000 units, of which the friend has 137; 200 wei wait for burns, and 503 for a snapshot. */
  beforeAll(async () => {
    scene = await Scene.start();
    await scene.call(scene.founder, 'transfer', [scene.friend, 137n]);
    await scene.pay(1_000n);
    await scene.snapshot();
    await scene.pay(503n);
    api = await apiOf(scene);
  });
  afterAll(async () => {
    await api.close();
    await scene.chain.stop();
  });

  test.each([1n, 2n, 10n, 99n, 136n, 137n])(
    'the quote of a burn of %s units is what the contract says',
    async (amount) => {
      const { pays } = await plan(amount);
      expect(pays.map(({ paysWei }: { paysWei: string }) => BigInt(paysWei))).toEqual([
        await readContract(scene.chain, scene.token, 'redeemableOnBurn', [amount]),
      ]);
    },
  );

  test('a burn pays what its plan says, and the holder then accrues what it says', async () => {
    const { chain, token, friend } = scene;
    const fork = await chain.rpc.call<string>('evm_snapshot');
    const { transaction, link, ...rest } = await plan(100n);
    // 100 of 1000 units: of 503 * 20 % = 100 new wei, and of 200 in the pool.
    expect(rest).toMatchObject({
      holder: sum(friend),
      amount: '100',
      balance: '137',
      token: { symbolOnChain: 'MDL' },
      pays: [
        { asset: { address: null }, paysWei: '30', accruingWei: '55', accruingAfterWei: '16' },
      ],
    });
    expect(transaction).toMatchObject({
      chainId: chain.chainId,
      from: sum(friend),
      to: sum(token.address),
      method: 'BURN',
      data: scene.data('burn', [100n]),
      valueWei: '0',
      gasUnavailable: null,
    });
    expect(Number(transaction.gas)).toBeGreaterThan(30_000);
    expect(link).toBe(`ethereum:${sum(token.address)}@${chain.chainId}/burn?uint256=100`);
    expect((await paidBy(chain, transaction)).get(null)).toBe(30n);
    await scene.snapshot();
    expect(await readContract(chain, token, 'claimableRevenue', [friend, 2n])).toBe(16n);
    await chain.rpc.call('evm_revert', [fork]);
  });

  test.each([0n, 138n])('a burn of %s units, of 137, is refused', async (amount) => {
    const variables = { token: scene.token.address, holder: scene.friend, amount: String(amount) };
    expect(await askError(api, BURN, variables)).toMatchObject({
      code: 'BURN_BAD_AMOUNT',
      message: `${amount} token units cannot be burned: the account has 137`,
    });
  });

  test('a snapshot is not due before its interval is over, and then can be taken', async () => {
    const { chain, token, friend } = scene;
    const variables = { token: token.address, sender: friend };
    const { snapshotPlan: early } = await askData(api, SNAPSHOT, variables);
    expect(early).toMatchObject({ isDue: false, isForAnyone: true });
    const { timestamp } = await latestBlock(chain);
    expect(Date.parse(early.earliest.timestamp)).toBeGreaterThan(timestamp * 1_000);
    expect(early.transaction.gas).toBeNull();
    await mineBlocks(chain, 1, 20);
    const later = await apiOf(scene);
    const { snapshotPlan: due } = await askData(later, SNAPSHOT, variables);
    expect(due).toMatchObject({
      isDue: true,
      link: `ethereum:${sum(token.address)}@${chain.chainId}/snapshot`,
      transaction: {
        from: sum(friend),
        to: sum(token.address),
        method: 'SNAPSHOT',
        data: scene.data('snapshot', []),
        gasUnavailable: null,
      },
    });
    await later.close();
  });
});

test('a burn of a token that shares an ERC-20 pays in both assets what the contract says', async () => {
  const scene = await AssetScene.start();
  const { chain, token, founder } = scene;
  await scene.pay(1_000n);
  await scene.payIn(scene.dollar, 777n);
  const api = await apiOf(scene);
  const variables = { token: token.address, holder: founder, amount: '333' };
  const { burnPlan } = await askData(api, BURN, variables);
  const paid = burnPlan.pays.map(({ paysWei }: { paysWei: string }) => BigInt(paysWei));
  expect(paid).toEqual([
    await readContract(chain, token, 'redeemableOnBurn', [333n]),
    await readContract(chain, token, 'redeemableERC20OnBurn', [333n, scene.dollar.address]),
  ]);
  expect(paid[1]).toBeGreaterThan(0n);
  await api.close();
  await chain.stop();
});

test('status has the block explorer of the chains that were given one', async () => {
  const databaseUrl = await freshDatabase();
  const rpcUrl = 'http://127.0.0.1:9';
  const chains = [
    { id: 1, name: 'one', rpcUrl, explorer: 'https://scan.example' },
    { id: 2, name: 'two', rpcUrl },
  ];
  const api = await startTestApi(databaseUrl, { chains });
  const { status } = await askData(api, '{ status { chainId explorer } }');
  expect(status).toEqual([
    { chainId: 1, explorer: 'https://scan.example' },
    { chainId: 2, explorer: null },
  ]);
  await api.close();
});
