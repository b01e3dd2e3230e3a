import { describe, expect, it } from 'vitest';
import { execute, latestBlock } from '../../../devnet/chain.js';
import { type DeployedContract, encodeCall } from '../../../devnet/deploy.js';
import { deployFixedPrice, deployLbp } from '../../../devnet/saleContracts.js';
import { bookedEntries, short } from '../../support/scenes/saleEntries.js';
import { SaleScene } from '../../support/scenes/saleScene.js';

describe('sales that log', () => {
  it('fixed price: purchases are paid out at once, to the beneficiary', async () => {
    const scene = await SaleScene.start();
    const { chain, founder, friend } = scene.scene;
    const contract = await deployFixedPrice(chain, {
      from: founder,
      token: scene.scene.token.address,
      rate: 3n,
      wallet: founder,
    });
    await scene.add({ kind: 'fixed-price', contract }, 600n);
    await scene.call(friend, contract, 'buyTokens(address)', [founder], 20n);
    await execute(chain, { from: friend, to: contract.address, valueWei: 5n });
    await scene.call(founder, contract, 'finalize');
    const [me, other] = [short(friend), short(founder)];
    expect(await bookedEntries(scene)).toEqual([
      ['purchase', other, me, '20', '60'],
      ['purchase', me, me, '5', '15'],
      ['finalisation', null, null, '0', '0'],
    ]);
  });

  it('LBP: bought shares are the recipient’s, whom only the call data names', async () => {
    const scene = await SaleScene.start();
    const pool = await lbpOf(scene);
    const { founder, friend, router } = scene.scene;
    await scene.call(friend, pool, 'swapExactAssetsForShares', [100n, 0n, founder]);
    await scene.call(friend, pool, 'swapAssetsForExactShares', [50n, 1000n, friend]);
    await scene.call(founder, pool, 'swapExactSharesForAssets', [40n, 0n, friend]);
    // Two purchases of the router in one transaction, one of which fails.
    await scene.call(founder, scene.dollar, 'transfer', [router.address, 500n]);
    const buy = (assets: bigint, minimum: bigint, recipient: string) => ({
      target: pool.address,
      data: encodeCall(pool, 'swapExactAssetsForShares', [assets, minimum, recipient]),
      mayFail: true,
    });
    const approve = encodeCall(scene.dollar, 'approve', [pool.address, 500n]);
    await scene.scene.route([
      { target: scene.dollar.address, data: approve },
      buy(100n, 10_000n, friend),
      buy(100n, 0n, founder),
      buy(50n, 0n, router.address),
    ]);
    await scene.blockAtEnd();
    await scene.call(founder, pool, 'close');
    await scene.call(founder, pool, 'redeem', [friend, false]);
    const [me, other, third] = [short(friend), short(founder), short(router.address)];
    expect(await bookedEntries(scene)).toEqual([
      ['purchase', other, me, '100', '54'],
      ['purchase', me, me, '112', '50'],
      ['sell', other, other, '90', '40'],
      ['purchase', other, third, '100', '43'],
      ['purchase', third, third, '50', '19'],
      ['finalisation', null, null, '272', '0'],
      ['token-claim', other, other, '0', '57'],
    ]);
  });
});

/** A pool of 1000 virtual assets and 600 shares, with dollars for the friend. */
async function lbpOf(scene: SaleScene): Promise<DeployedContract> {
  const { chain, founder, friend, token } = scene.scene;
  scene.endTime = (await latestBlock(chain)).timestamp + 10_000;
  const pool = await deployLbp(chain, {
    from: founder,
    token: token.address,
    raiseAsset: scene.dollar.address,
    virtualAssets: 1000n,
    virtualShares: 600n,
    endTime: scene.endTime,
    manager: founder,
  });
  await scene.add({ kind: 'lbp', contract: pool }, 600n);
  await scene.lend(friend, pool, 1000n);
  return pool;
}
