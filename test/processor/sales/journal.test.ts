import { describe, expect, it } from 'vitest';
import { getBalance, latestBlock } from '../../../devnet/chain.js';
import { readContract } from '../../../devnet/deploy.js';
import { deployFixedPrice, deployLbp } from '../../../devnet/saleContracts.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { balancesOf, sumOf } from '../../support/scenes/accounts.js';
import { SaleScene } from '../../support/scenes/saleScene.js';

async function index(scene: SaleScene): Promise<string> {
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  return databaseUrl;
}

describe('the journal of a sale', () => {
  it('launchpad: the escrow is the balance of the contract after every block', async () => {
    const scene = await SaleScene.start();
    const { chain, founder, friend } = scene.scene;
    const sale = await scene.launchpad({ target: 1000n, tokensForSale: 600n });
    const firstBlock = (await latestBlock(chain)).number;
    await scene.call(friend, sale, 'deposit()', [], 900n);
    await scene.call(founder, sale, 'depositFor(address)', [friend], 300n);
    await scene.call(founder, sale, 'deposit()', [], 301n);
    await scene.blockAtEnd();
    await scene.call(friend, sale, 'refund');
    await scene.call(founder, sale, 'finalize');
    await scene.call(founder, sale, 'refund');
    await scene.call(founder, sale, 'claim');
    const lastBlock = (await latestBlock(chain)).number;
    const databaseUrl = await index(scene);
    for (let block = firstBlock; block <= lastBlock; block++) {
      const balances = await balancesOf(databaseUrl, sale.address, block);
      const escrow = BigInt(balances.native?.escrow ?? 0);
      expect([block, escrow]).toEqual([block, await getBalance(chain, sale.address, block)]);
      expect(sumOf(balances)).toBe(0n);
    }
    // 1200 − 1200·1000//1501 and 301 − 301·1000//1501 come back, 998 go to the treasury.
    expect(await balancesOf(databaseUrl, sale.address)).toEqual({
      native: { 'income/deposits': '-1501', escrow: '1', refunded: '502', proceeds: '998' },
    });
  });

  it('a failed launchpad in an ERC-20 refunds everything', async () => {
    const scene = await SaleScene.start();
    const { chain, founder, friend } = scene.scene;
    const { address: dollar } = scene.dollar;
    const sale = await scene.launchpad({ target: 1000n, tokensForSale: 600n, inDollars: true });
    await scene.lend(friend, sale, 400n);
    await scene.call(friend, sale, 'deposit(uint256)', [400n]);
    await scene.blockAtEnd();
    await scene.call(founder, sale, 'finalize');
    await scene.call(founder, sale, 'refundFor', [friend]);
    const databaseUrl = await index(scene);
    expect(await balancesOf(databaseUrl, sale.address)).toEqual({
      [dollar]: { 'income/deposits': '-400', escrow: '0', refunded: '400' },
    });
    const held = await readContract<bigint>(chain, scene.dollar, 'balanceOf', [sale.address]);
    expect(held).toBe(0n);
  });

  it('a fixed-price sale pays the seller at once', async () => {
    const scene = await SaleScene.start();
    const { chain, founder, friend, token } = scene.scene;
    const names = { from: founder, token: token.address, rate: 3n, wallet: founder };
    const contract = await deployFixedPrice(chain, names);
    await scene.add({ kind: 'fixed-price', contract }, 600n);
    await scene.call(friend, contract, 'buyTokens(address)', [founder], 20n);
    await scene.call(founder, contract, 'finalize');
    expect(await balancesOf(await index(scene), contract.address)).toEqual({
      native: { 'income/purchases': '-20', proceeds: '20' },
    });
  });

  it.each([
    ['of virtual reserves: its escrow is its balance', 0n],
    ['that was funded: closing brings to light what no purchase brought', 7n],
  ])('LBP %s', async (_, funds) => {
    const scene = await SaleScene.start();
    const { chain, founder, friend, token } = scene.scene;
    const { dollar } = scene;
    scene.endTime = (await latestBlock(chain)).timestamp + 10_000;
    const pool = await deployLbp(chain, {
      from: founder,
      token: token.address,
      raiseAsset: dollar.address,
      virtualAssets: 1000n,
      virtualShares: 600n,
      endTime: scene.endTime,
      manager: founder,
    });
    await scene.add({ kind: 'lbp', contract: pool }, 600n);
    await scene.lend(friend, pool, 1000n);
    await scene.call(founder, dollar, 'transfer', [pool.address, funds]);
    await scene.call(friend, pool, 'swapExactAssetsForShares', [100n, 0n, founder]);
    await scene.call(friend, pool, 'swapExactAssetsForShares', [112n, 0n, friend]);
    await scene.call(founder, pool, 'swapExactSharesForAssets', [40n, 0n, friend]);
    const { number: traded } = await latestBlock(chain);
    const held = await readContract<bigint>(chain, dollar, 'balanceOf', [pool.address]);
    await scene.blockAtEnd();
    await scene.call(founder, pool, 'close');
    const databaseUrl = await index(scene);
    const asset = dollar.address;
    const before = await balancesOf(databaseUrl, pool.address, traded);
    expect(before[asset]?.escrow).toBe(String(held - funds));
    const after = await balancesOf(databaseUrl, pool.address);
    expect(sumOf(after, asset)).toBe(0n);
    expect(after[asset]).toEqual({
      'income/purchases': '-212',
      escrow: '0',
      'sold-back': before[asset]?.['sold-back'],
      proceeds: String(held),
      ...(funds === 0n ? {} : { 'income/unseen': String(-funds) }),
    });
    expect(await readContract(chain, dollar, 'balanceOf', [pool.address])).toBe(0n);
  });
});
