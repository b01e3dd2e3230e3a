import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';

/**
 * Follows one fork, then another one, and compares with a fresh index.
 *
 * @param seenAtOnce the other fork is as long as it gets when it is seen: one commit takes the first one
 *   back and books the other
 */
async function reorgTo(
  first: (scene: AssetScene) => Promise<unknown>,
  second: (scene: AssetScene) => Promise<unknown>,
  { blocksOnTop = 0, seenAtOnce = false } = {},
): Promise<void> {
  const scene = await AssetScene.start();
  const { chain, dollar } = scene;
  await scene.payIn(dollar, 1000n);
  await scene.snapshot();
  await mineBlocks(chain, 20, 1);
  const tokens = [scene.token.address];
  const databaseUrl = await freshDatabase();
  let follower = follow({ chain, databaseUrl, tokens });
  await follower.caughtUp();

  const fork = await chain.rpc.call<string>('evm_snapshot');
  await first(scene);
  await mineBlocks(chain, blocksOnTop, 1);
  await follower.caughtUp();
  const firstHead = (await latestBlock(chain)).number;
  if (seenAtOnce) await follower.stop();
  await chain.rpc.call('evm_revert', [fork]);
  await second(scene);
  const missing = firstHead + 1 - (await latestBlock(chain)).number;
  if (missing > 0) await mineBlocks(chain, missing, 1);
  if (seenAtOnce) follower = follow({ chain, databaseUrl, tokens });
  await follower.caughtUp();
  await follower.stop();

  const fresh = await freshDatabase();
  await indexTo({ chain, databaseUrl: fresh, tokens });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
}

describe('after a reorg the books in every asset equal those of a fresh index', () => {
  it('when claims and a burn in several assets vanish, and others come', async () => {
    await reorgTo(
      async (scene) => {
        await scene.pay(10n);
        await scene.call(scene.friend, 'claim', [1n]);
        await scene.call(scene.friend, 'burn', [100n]);
      },
      async (scene) => {
        await scene.payIn(scene.dollar, 7n);
        await scene.call(scene.founder, 'burn', [50n]);
        await scene.call(scene.friend, 'claim', [1n]);
      },
    );
  });

  it('when the fork begins below the finalised block', async () => {
    await reorgTo(
      async (scene) => {
        await scene.payIn(scene.dollar, 40n);
        await scene.call(scene.friend, 'claim', [1n]);
        await scene.call(scene.friend, 'burn', [100n]);
      },
      async (scene) => {
        await scene.payIn(scene.dollar, 7n);
        await scene.call(scene.founder, 'burn', [50n]);
      },
      { blocksOnTop: 20 },
    );
  });

  it('when an asset is accepted again in another block, with more of it there', async () => {
    await reorgTo(
      async (scene) => {
        await scene.payIn(scene.wrapped, 40n);
        await scene.call(scene.founder, 'addRevenueToken', [scene.wrapped.address]);
        await scene.snapshot();
        await scene.call(scene.friend, 'claim', [2n]);
      },
      async (scene) => {
        await scene.payIn(scene.wrapped, 90n);
        await mineBlocks(scene.chain, 3, 1);
        await scene.call(scene.founder, 'addRevenueToken', [scene.wrapped.address]);
        await scene.payIn(scene.wrapped, 10n);
      },
    );
  });

  it('when the commit that takes blocks back has the first acceptance of an asset', async () => {
    await reorgTo(
      (scene) => scene.pay(10n),
      async (scene) => {
        await scene.payIn(scene.wrapped, 90n);
        await scene.call(scene.founder, 'addRevenueToken', [scene.wrapped.address]);
        await scene.payIn(scene.wrapped, 10n);
      },
      { seenAtOnce: true },
    );
  });
});

describe('a run that is cut in pieces', () => {
  it('ends with the same tables', async () => {
    const scene = await AssetScene.start();
    await scene.liveThrough();
    await mineBlocks(scene.chain, 12, 1);
    const { chain } = scene;
    const tokens = [scene.token.address];
    const [whole, pieces] = [await freshDatabase(), await freshDatabase()];
    const last = await indexTo({ chain, databaseUrl: whole, tokens });
    for (let block = 3; block < last; block += 4) {
      await indexTo({ chain, databaseUrl: pieces, tokens }, block);
    }
    await indexTo({ chain, databaseUrl: pieces, tokens });
    expect(await dumpTables(pieces)).toEqual(await dumpTables(whole));
  });
});
