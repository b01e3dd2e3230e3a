import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { readContract } from '../../../devnet/deploy.js';
import { checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { Scene } from '../../support/scenes/scene.js';
import { paidBy } from '../../support/scenes/sendClaims.js';
import { ask, askData, askError, startTestApi } from '../support.js';

/** Each scene has one chain. */
const PLAN = `query ($address: Address!, $chainId: SafeInt! = 31337) {
  claimPlan(address: $address, chainId: $chainId) {
    address
    asOf { chainId block }
    steps {
      token { symbolOnChain }
      claims {
        snapshotId link
        pays { asset { address symbol decimals } amount }
        expiry { snapshotsLeft isDue earliest { block timestamp } }
      }
      pays { asset { address symbol } amount }
      expiry { snapshotsLeft }
      transaction { chainId from to method data valueWei gas gasUnavailable }
    }
    remains {
      token { symbolOnChain }
      roundedToNothing
      nextSnapshot { block timestamp }
      assets { asset { address symbol } claimable accruing redeemable }
    }
    warnings { code message snapshotId loses { asset { symbol } amount } token { symbolOnChain } }
  }
}`;

async function apiOf(scene: Scene | AssetScene, withNode = true): Promise<RunningApi> {
  const { chain, token } = scene;
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const chains = [{ id: chain.chainId, name: 'devnet', rpcUrl: chain.url }];
  return startTestApi(databaseUrl, withNode ? { chains } : {});
}

describe('the plan of a holder of a windowed token with two open snapshots', () => {
  let scene: Scene;
  let api: RunningApi;

  /** 1000 units; the friend has 100 of them, 13 of 1000 wei and 50 of 500 wei to claim. */
  beforeAll(async () => {
    scene = await Scene.start();
    const { founder, friend } = scene;
    await scene.call(founder, 'transfer', [friend, 100n]);
    await scene.pay(1_000n);
    await scene.snapshot();
    await scene.call(founder, 'claim', [1n]);
    await scene.pay(507n);
    await scene.snapshot();
    await scene.pay(303n);
    api = await apiOf(scene);
  });
  afterAll(() => api.close());

  test('is one claimBatch, whose payment is exact, and after which the contract agrees', async () => {
    const { chain, friend, token } = scene;
    const { claimPlan } = await askData(api, PLAN, { address: friend });
    const [step, ...others] = claimPlan.steps;
    expect(others).toEqual([]);
    const link = (id: number) =>
      `ethereum:${checksummed(token.address as `0x${string}`)}@${chain.chainId}/claim?uint256=${id}`;
    const coin = { address: null, symbol: null, decimals: 18 };
    const { timestamp: lastTime } = await snapshotTime();
    const at = (seconds: number) => new Date((lastTime + seconds) * 1000).toISOString();
    expect(step).toMatchObject({
      token: { symbolOnChain: 'MDL' },
      claims: [
        {
          snapshotId: 1,
          link: link(1),
          // 100 of 1000 units of 80 % of 1000 wei
          pays: [{ asset: coin, amount: '80' }],
          expiry: {
            snapshotsLeft: 1,
            isDue: false,
            earliest: { block: null, timestamp: at(11) },
          },
        },
        {
          snapshotId: 2,
          link: link(2),
          pays: [{ asset: coin, amount: '40' }],
          expiry: {
            snapshotsLeft: 2,
            isDue: false,
            earliest: { block: null, timestamp: at(22) },
          },
        },
      ],
      pays: [{ asset: { address: null }, amount: '120' }],
      transaction: {
        chainId: chain.chainId,
        from: checksummed(friend as `0x${string}`),
        to: checksummed(token.address as `0x${string}`),
        method: 'CLAIM_BATCH',
        data: scene.data('claimBatch', [[1n, 2n]]),
        valueWei: '0',
        gasUnavailable: null,
      },
    });
    const gas = Number(step.transaction.gas);
    expect(gas).toBeGreaterThan(60_000);
    expect(gas).toBeLessThan(300_000);
    expect(claimPlan.warnings).toEqual([]);

    expect((await paidBy(chain, step.transaction)).get(null)).toBe(120n);

    const [remainder] = claimPlan.remains;
    expect(remainder).toMatchObject({
      roundedToNothing: [],
      nextSnapshot: { block: null, timestamp: at(11) },
      // 80 % of 303 wei; nothing of snapshot 1 is left to roll over.
      assets: [{ asset: { address: null }, claimable: '0', accruing: '24' }],
    });
    expect(await readContract(chain, token, 'redeemableOnBurn', [100n])).toBe(
      BigInt(remainder.assets[0].redeemable),
    );
    await scene.snapshot();
    expect(await readContract(chain, token, 'claimableRevenue', [friend, 3n])).toBe(24n);
  });

  test('is one claim for each snapshot where no node says that there is a claimBatch', async () => {
    const alone = await apiOf(scene, false);
    const { claimPlan } = await askData(alone, PLAN, { address: scene.founder });
    // The founder has claimed snapshot 1, which has expired by now.
    expect(claimPlan.steps.map(({ transaction }: { transaction: object }) => transaction)).toEqual(
      [2, 3].map((id) => ({
        chainId: scene.chain.chainId,
        from: checksummed(scene.founder as `0x${string}`),
        to: checksummed(scene.token.address as `0x${string}`),
        method: 'CLAIM',
        data: scene.data('claim', [id]),
        valueWei: '0',
        gas: null,
        gasUnavailable: 'the server was given no RPC URL for this chain',
      })),
    );
    for (const { pays, transaction } of claimPlan.steps) {
      expect((await paidBy(scene.chain, transaction)).get(null)).toBe(BigInt(pays[0].amount));
    }
    await alone.close();
  });

  test('is that of another endpoint of the chain if the first one does not answer', async () => {
    const databaseUrl = await freshDatabase();
    const { chain, token } = scene;
    await indexTo({ chain, databaseUrl, tokens: [token.address] });
    const chains = [
      {
        id: chain.chainId,
        name: 'devnet',
        rpcUrl: 'http://127.0.0.1:1',
        fallbackRpcUrls: [chain.url],
      },
    ];
    const other = await startTestApi(databaseUrl, { chains });
    const { claimPlan } = await askData(other, PLAN, { address: scene.friend });
    expect(claimPlan.steps).toMatchObject([
      { transaction: { gas: expect.any(String), gasUnavailable: null } },
    ]);
    await other.close();
  });

  test('is not made more often in one request than nodes can bear', async () => {
    const plans = Array.from(
      { length: 101 },
      (_, index) =>
        `a${index}: claimPlan(address: "${scene.friend}") { steps { transaction { gas } } }`,
    );
    const all = await ask(api, `{ ${plans.join(' ')} }`);
    expect(all.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }]);
    expect((await ask(api, `{ ${plans.slice(1).join(' ')} }`)).errors).toBeUndefined();
  });

  test('has no gas, but a reason, once the claim is made and not yet indexed', async () => {
    const { claimPlan } = await askData(api, PLAN, { address: scene.founder });
    expect(claimPlan.steps).toMatchObject([
      {
        claims: [{ snapshotId: 2 }],
        transaction: { gas: null, gasUnavailable: expect.stringMatching(/already claimed/) },
      },
    ]);
  });

  async function snapshotTime() {
    const last = await readContract(scene.chain, scene.token, 'lastSnapshotTimestamp');
    return { timestamp: Number(last) };
  }
});

test('a snapshot that is due is warned of, with what it takes away', async () => {
  const scene = await Scene.start();
  const { founder, friend } = scene;
  await scene.call(founder, 'transfer', [friend, 100n]);
  await scene.pay(1_000n);
  await scene.snapshot();
  await scene.pay(500n);
  await scene.snapshot();
  await scene.wait();
  await scene.pay(9n);
  const api = await apiOf(scene);
  const { claimPlan } = await askData(api, PLAN, { address: friend });
  expect(claimPlan.warnings).toEqual([
    {
      code: 'EXPIRES_WITH_NEXT_SNAPSHOT',
      message: `The next snapshot of ${scene.token.address.toLowerCase()} can be taken by anybody now; 80 wei of snapshot 1 cannot be claimed after it.`,
      snapshotId: 1,
      loses: [{ asset: { symbol: null }, amount: '80' }],
      token: { symbolOnChain: 'MDL' },
    },
  ]);
  expect(claimPlan.steps[0].claims[0].expiry).toMatchObject({ snapshotsLeft: 1, isDue: true });
  // It is as said: anybody takes the snapshot, and the claim is refused.
  await scene.call(scene.payer, 'snapshot');
  await expect(
    readContract(scene.chain, scene.token, 'claimableRevenue', [friend, 1n]),
  ).rejects.toThrow(/unclaimable/);
  await api.close();
});

test('a token that shares assets is claimed snapshot by snapshot, in all of them at once', async () => {
  const scene = await AssetScene.start();
  await scene.liveThrough();
  const { chain, founder, friend, dollar, wrapped } = scene;
  const api = await apiOf(scene);
  for (const address of [founder, friend]) {
    const { claimPlan } = await askData(api, PLAN, { address });
    expect(claimPlan.steps.length).toBeGreaterThan(0);
    for (const { transaction, pays } of claimPlan.steps) {
      expect(transaction.method).toBe('CLAIM');
      const paid = await paidBy(chain, transaction, [dollar, wrapped]);
      const planned = new Map<string | null, bigint>(
        pays.map((payment: { asset: { address: string | null }; amount: string }) => [
          payment.asset.address?.toLowerCase() ?? null,
          BigInt(payment.amount),
        ]),
      );
      for (const [asset, amount] of paid)
        expect([asset, planned.get(asset) ?? 0n]).toEqual([asset, amount]);
    }
    const assets = claimPlan.remains[0].assets;
    const named = assets.map(
      ({ asset }: { asset: { address: string | null; symbol: string | null } }) => [
        asset.address,
        asset.symbol,
      ],
    );
    // Strangers that call themselves USD and WETH appear by their addresses.
    expect(named).toEqual([
      [null, null],
      [checksummed(dollar.address as `0x${string}`), null],
      [checksummed(wrapped.address as `0x${string}`), null],
    ]);
    expect(assets.map(({ claimable }: { claimable: string }) => claimable)).toEqual([
      '0',
      '0',
      '0',
    ]);
  }
  await api.close();
});

test('a share that rounds to nothing is named, and not claimed', async () => {
  const scene = await Scene.start();
  await scene.call(scene.founder, 'transfer', [scene.friend, 1n]);
  await scene.pay(100n);
  await scene.snapshot();
  const api = await apiOf(scene);
  const { claimPlan } = await askData(api, PLAN, { address: scene.friend });
  expect(claimPlan.steps).toEqual([]);
  expect(claimPlan.remains).toMatchObject([{ roundedToNothing: [1] }]);
  const { number } = await latestBlock(scene.chain);
  expect(claimPlan.asOf).toEqual([{ chainId: scene.chain.chainId, block: number }]);

  const stranger = await askData(api, PLAN, { address: scene.token.address });
  expect(stranger.claimPlan).toMatchObject({ steps: [], remains: [], warnings: [] });
  expect(await askError(api, PLAN, { address: scene.friend, chainId: 5 })).toMatchObject({
    code: 'UNKNOWN_CHAIN',
  });
  const { errors } = await ask(api, PLAN, { address: '0x12' });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_ADDRESS' } }]);
  await api.close();
});
