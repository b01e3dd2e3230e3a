import { mineBlock, sendTransaction, setAutomine } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const ETH = 10n ** 18n;

/** One unit for each of so many more holders, in one block. */
async function giveOneEach(scene: Scene, holders: number): Promise<void> {
  const { chain, founder, token } = scene;
  await setAutomine(chain, false);
  for (let holder = 1; holder <= holders; holder++) {
    const to = `0x${holder.toString(16).padStart(40, '7')}`;
    const data = scene.data('transfer', [to, 1]);
    await sendTransaction(chain, { from: founder, to: token.address, data, gas: 200_000n });
  }
  await setAutomine(chain, true);
  await mineBlock(chain);
}

/**
 * A token that got 3 ETH and 7 wei and shared 80 % of it in one snapshot; the friend has 400 of its 1000 units.
 *
 * @param holders so many more have one unit each
 */
export async function snapshotScene({ holders = 0 } = {}): Promise<{
  scene: Scene;
  databaseUrl: string;
}> {
  const scene = await Scene.start();
  const { chain, founder, friend, token } = scene;
  await giveOneEach(scene, holders);
  await scene.call(founder, 'transfer', [friend, 400]);
  await scene.pay(3n * ETH + 7n);
  await scene.snapshot();
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  return { scene, databaseUrl };
}
