import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { type DeployedContract, encodeCall } from '../../../devnet/deploy.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { CollectionScene, idOf, text } from '../../support/scenes/collectionScene.js';

interface Story {
  readonly scene: CollectionScene;
  readonly cats: DeployedContract;
  readonly opml: DeployedContract;
  readonly oracle: DeployedContract;
}

const CAT = text('a cat');
const DOG = text('a dog');

/** A token, a request without a result, and 20 blocks on top. */
async function begin(): Promise<Story> {
  const scene = await CollectionScene.start();
  const payee = scene.token.address;
  const cats = await scene.collection('AigcCollection', ['Cats', 'CAT', 4, payee, 60]);
  const oracle = await scene.deploy('AigcOracle', []);
  const args = ['Opml', 'OPM', 4, payee, 50, oracle.address, 11];
  const opml = await scene.collection('AigcOpml', args);
  await scene.call(scene.alice, cats, 'mint', [scene.alice, CAT], 1000n);
  await scene.call(scene.alice, opml, 'mint', [scene.alice, text('whatever')], 100n);
  await mineBlocks(scene.chain, 20, 1);
  return { scene, cats, opml, oracle };
}

/** Follows one fork, then the one that replaces it, and compares with a fresh index. */
async function reorgTo(
  first: (story: Story) => Promise<unknown>,
  second: (story: Story) => Promise<unknown>,
): Promise<void> {
  const story = await begin();
  const { scene } = story;
  const databaseUrl = await freshDatabase();
  const follower = follow({ ...scene.request(), databaseUrl });
  await follower.caughtUp();
  const fork = await scene.chain.rpc.call<string>('evm_snapshot');
  await first(story);
  await follower.caughtUp();
  const firstHead = (await latestBlock(scene.chain)).number;
  const replaced = await dumpTables(databaseUrl);

  await scene.chain.rpc.call('evm_revert', [fork]);
  await second(story);
  // Polling notices a fork once it is higher than what it has seen.
  const missing = firstHead + 1 - (await latestBlock(scene.chain)).number;
  if (missing > 0) await mineBlocks(scene.chain, missing, 1);
  await follower.caughtUp();
  await follower.stop();

  const fresh = await scene.index();
  const followed = await dumpTables(databaseUrl);
  expect(followed).toEqual(await dumpTables(fresh));
  expect(followed).not.toEqual(replaced);
}

describe('after a reorg the collections equal those of a fresh index', () => {
  it('when a token goes to another owner and is burned on one fork only', () =>
    reorgTo(
      async ({ scene, cats }) => {
        await scene.call(scene.alice, cats, 'transferFrom', [scene.alice, scene.bob, idOf(CAT)]);
        await scene.call(scene.bob, cats, 'burn', [idOf(CAT)]);
        await scene.call(scene.bob, cats, 'mint', [scene.bob, CAT], 5n);
      },
      ({ scene, cats }) =>
        scene.call(scene.alice, cats, 'transferFrom', [scene.alice, scene.founder, idOf(CAT)]),
    ));

  it('when a prompt was seen first on the fork that vanishes', () =>
    reorgTo(
      ({ scene, cats }) => scene.call(scene.alice, cats, 'mint', [scene.alice, DOG], 70n),
      async ({ scene, cats }) => {
        await mineBlocks(scene.chain, 2, 1);
        await scene.call(scene.bob, cats, 'mint', [scene.bob, DOG], 90n);
      },
    ));

  it('when the oracle answers one fork twice and the other once, with something else', () =>
    reorgTo(
      async ({ scene, oracle }) => {
        await scene.call(scene.bob, oracle, 'invokeCallback', [1n, '0x01']);
        await scene.call(scene.bob, oracle, 'invokeCallback', [1n, '0x02']);
      },
      ({ scene, oracle }) => scene.call(scene.bob, oracle, 'invokeCallback', [1n, '0x02']),
    ));

  it('when the request itself is in the blocks that are replaced', () =>
    reorgTo(
      async ({ scene, opml, oracle }) => {
        await scene.call(scene.alice, opml, 'mint', [scene.alice, CAT], 30n);
        await scene.call(scene.bob, oracle, 'invokeCallback', [2n, '0x01']);
      },
      async ({ scene, opml, oracle }) => {
        await scene.call(scene.bob, opml, 'mint', [scene.bob, DOG], 40n);
        await scene.call(scene.bob, oracle, 'invokeCallback', [2n, '0x03']);
      },
    ));
});

describe('a restart continues from the database', () => {
  it('block by block as in one run', async () => {
    const { scene, cats, opml, oracle } = await begin();
    await scene.call(scene.bob, oracle, 'invokeCallback', [1n, '0x01']);
    await scene.call(scene.alice, cats, 'burn', [idOf(CAT)]);
    const calls = [
      encodeCall(cats, 'mint', [scene.alice, CAT]),
      encodeCall(cats, 'addAigcData', [idOf(CAT), CAT, '0x05', '0x']),
    ];
    await scene.call(scene.bob, cats, 'multicall', [calls], 11n);
    await scene.call(scene.bob, opml, 'mint', [scene.bob, DOG], 12n);
    await scene.call(scene.bob, oracle, 'invokeCallback', [1n, '0x07']);
    const last = (await latestBlock(scene.chain)).number;

    const steps = await freshDatabase();
    // Each run knows only what the one before has committed.
    for (let block = opml.deploymentBlock; block <= last; block++) {
      await indexTo({ ...scene.request(), databaseUrl: steps }, block);
    }
    const once = await scene.index();
    expect(await dumpTables(steps)).toEqual(await dumpTables(once));
  });
});
