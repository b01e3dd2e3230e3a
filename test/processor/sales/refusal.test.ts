import { toBeHex } from 'ethers';
import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { SaleScene } from '../../support/scenes/saleScene.js';

describe('a sale that is not what the config says is refused', () => {
  const codeOf = async (scene: SaleScene): Promise<unknown> =>
    indexTo(scene.request(await freshDatabase())).then(
      () => null,
      (error: { code?: unknown; message?: string }) => `${error.code}: ${error.message}`,
    );

  it('a sale without a contract, not a launchpad or of another token is refused at the start', async () => {
    const scene = await SaleScene.start();
    const sale = await scene.launchpad({ target: 10n, tokensForSale: 500n });
    const [config] = scene.sales;
    if (config === undefined) throw new Error('no sale');
    const withChange = async (change: Partial<typeof config>) => {
      scene.sales.splice(0, 1, { ...config, ...change });
      return codeOf(scene);
    };
    expect(await withChange({ address: `0x${'77'.repeat(20)}` })).toMatch(/^SALE_NOT_A_CONTRACT/);
    expect(await withChange({ kind: 'lbp' })).toMatch(
      /^SALE_KIND_DIFFERS: .* is not a lbp sale: it lacks share\(\), asset\(\)/,
    );
    expect(await withChange({ token: `0x${'77'.repeat(20)}` })).toMatch(/^SALE_TERMS_DIFFER/);
    expect(await withChange({ raiseAsset: `0x${'77'.repeat(20)}` })).toMatch(
      /^SALE_TERMS_DIFFER: .* has raiseAsset native/,
    );
    const { number } = await latestBlock(scene.scene.chain);
    expect(await withChange({ startBlock: number })).toMatch(
      new RegExp(`^SALE_START_TOO_LATE: .*block ${sale.deploymentBlock}$`),
    );
  });

  it('a sale that counts other deposits than its calls show is refused at a commit', async () => {
    const scene = await SaleScene.start();
    const sale = await scene.launchpad({ target: 10n, tokensForSale: 500n });
    await scene.call(scene.scene.friend, sale, 'deposit()', [], 7n);
    const [slotOfTotalRaised, eight] = [toBeHex(0, 32), toBeHex(8, 32)];
    const { rpc } = scene.scene.chain;
    await rpc.call('anvil_setStorageAt', [sale.address, slotOfTotalRaised, eight]);
    await scene.scene.wait();
    expect(await codeOf(scene)).toMatch(
      /^SALE_TOTAL_DIFFERS: .* says that it raised 8, the books say 7/,
    );
  });

  it('a sale is refused from the first block that shows the difference; earlier books stay', async () => {
    const scene = await SaleScene.start();
    const sale = await scene.launchpad({ target: 10n, tokensForSale: 500n });
    const { chain, friend } = scene.scene;
    await scene.call(friend, sale, 'deposit()', [], 2n);
    const { number: right } = await latestBlock(chain);
    await mineBlocks(chain, 2, 1);
    const [slotOfTotalRaised, three] = [toBeHex(0, 32), toBeHex(3, 32)];
    await chain.rpc.call('anvil_setStorageAt', [sale.address, slotOfTotalRaised, three]);
    await scene.call(friend, sale, 'deposit()', [], 1n);
    await mineBlocks(chain, 2, 1);
    const databaseUrl = await freshDatabase();
    await expect(indexTo(scene.request(databaseUrl))).rejects.toMatchObject({
      code: 'SALE_TOTAL_DIFFERS',
    });
    const held = 'SELECT kind, last_block::int AS block FROM contract_hold';
    expect(await query(databaseUrl, held)).toEqual([{ kind: 'sale', block: right }]);
    const booked = 'SELECT block_number::int AS block FROM sale_entry';
    expect(await query(databaseUrl, booked)).toContainEqual({ block: right });
    expect(await query(databaseUrl, `${booked} WHERE block_number > ${right}`)).toEqual([]);
  });

  it('a sale that leaves the config is archived with its books', async () => {
    const scene = await SaleScene.start();
    await scene.launchpad({ target: 10n, tokensForSale: 500n });
    const databaseUrl = await freshDatabase();
    const request = scene.request(databaseUrl);
    await mineBlocks(scene.scene.chain, 12);
    await indexTo(request);
    await indexTo({ ...request, sales: [] });
    const archived = 'SELECT archived_block IS NULL AS continues FROM contract';
    expect(await query(databaseUrl, archived)).toEqual([{ continues: false }]);
    expect(await query(databaseUrl, 'SELECT FROM sale')).toHaveLength(1);
  });
});
