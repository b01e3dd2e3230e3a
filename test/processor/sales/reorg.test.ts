import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import type { DeployedContract } from '../../../devnet/deploy.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { livedSales } from '../../support/scenes/livedSales.js';
import { SaleScene } from '../../support/scenes/saleScene.js';

type Story = (scene: SaleScene, sale: DeployedContract) => Promise<unknown>;

/** Runs a story on one fork, replaces it by another one, and compares with a fresh index. */
async function reorgTo(first: Story, second: Story): Promise<void> {
  const scene = await SaleScene.start();
  const { chain, founder, friend } = scene.scene;
  const sale = await scene.launchpad({ target: 100n, tokensForSale: 300n });
  await scene.call(friend, sale, 'deposit()', [], 60n);
  await scene.call(founder, sale, 'deposit()', [], 50n);
  await mineBlocks(chain, 20, 1);
  const databaseUrl = await freshDatabase();
  const follower = follow(scene.request(databaseUrl));
  await follower.caughtUp();

  const fork = await chain.rpc.call<string>('evm_snapshot');
  await first(scene, sale);
  await follower.caughtUp();
  const firstHead = (await latestBlock(chain)).number;
  const replaced = await dumpTables(databaseUrl);
  await chain.rpc.call('evm_revert', [fork]);
  await second(scene, sale);
  // Polling notices a fork once it is higher than what it has seen.
  const missing = firstHead + 1 - (await latestBlock(chain)).number;
  if (missing > 0) await mineBlocks(chain, missing, 1);
  await follower.caughtUp();
  await follower.stop();

  const fresh = await freshDatabase();
  await indexTo(scene.request(fresh));
  const followed = await dumpTables(databaseUrl);
  expect(followed).toEqual(await dumpTables(fresh));
  expect(followed.sale_version).not.toEqual(replaced.sale_version);
}

describe('after a reorg the tables of sales equal those of a fresh index', () => {
  it('when the end of the sale, a claim and a refund vanish', async () => {
    await reorgTo(
      async (scene, sale) => {
        await scene.blockAtEnd();
        await scene.call(scene.scene.friend, sale, 'claim');
        await scene.call(scene.scene.friend, sale, 'refund');
      },
      (scene, sale) => scene.call(scene.scene.payer, sale, 'deposit()', [], 5n),
    );
  });

  it('when the sale ends in another block, with another total', async () => {
    await reorgTo(
      async (scene, sale) => {
        await scene.blockAtEnd();
        await scene.call(scene.scene.friend, sale, 'claim');
      },
      async (scene, sale) => {
        await scene.call(scene.scene.payer, sale, 'deposit()', [], 5n);
        await scene.blockAtEnd(-1);
        await scene.blockAtEnd(3);
        await scene.call(scene.scene.friend, sale, 'claim');
      },
    );
  });
});

describe('a run that is cut into pieces', () => {
  it('continues from its last commit and ends with the same tables', async () => {
    const { report, request } = await livedSales(3, 25);
    const { firstBlock, lastBlock } = report;
    const whole = await freshDatabase();
    const pieces = await freshDatabase();
    await indexTo({ ...request, databaseUrl: whole });
    const step = Math.floor((lastBlock - firstBlock) / 3);
    for (let block = firstBlock; block < lastBlock; block += step) {
      await indexTo({ ...request, databaseUrl: pieces }, block);
    }
    await indexTo({ ...request, databaseUrl: pieces });
    expect(await dumpTables(pieces)).toEqual(await dumpTables(whole));
  });
});
