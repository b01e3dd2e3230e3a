import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const ETH = 10n ** 18n;

/** A token that got 3 ETH and 7 wei and shared 80 % of it in one snapshot; the friend has 400 of its 1000 units. */
export async function snapshotScene(): Promise<{ scene: Scene; databaseUrl: string }> {
  const scene = await Scene.start();
  const { chain, founder, friend, token } = scene;
  await scene.call(founder, 'transfer', [friend, 400]);
  await scene.pay(3n * ETH + 7n);
  await scene.snapshot();
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  return { scene, databaseUrl };
}
