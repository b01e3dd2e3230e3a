import { describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlock, mineBlocks } from '../../../devnet/chain.js';
import { type DeployedContract, deployWindowed, encodeCall } from '../../../devnet/deploy.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { type Anvil, startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';
import { expectSameAfterReorg } from '../../support/programs/replacedFork.js';

interface Scene {
  readonly chain: Anvil;
  readonly token: DeployedContract;
  readonly founder: string;
  readonly friend: string;
  readonly payer: string;
}

/** A token with a holder, revenue and one snapshot, 20 blocks deep. */
async function startScene(): Promise<Scene> {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const [founder = '', friend = '', payer = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: founder,
    name: 'Model',
    symbol: 'MDL',
    supply: 1000n,
    percentClaimable: 80,
    window: 2,
    snapshotInterval: 10,
  });
  const scene = { chain, token, founder, friend, payer };
  await call(scene, founder, 'transfer', [friend, 400n]);
  await pay(scene, 1000n);
  await snapshot(scene);
  await mineBlocks(chain, 20, 1);
  return scene;
}

function call(scene: Scene, from: string, name: string, args: unknown[] = []) {
  const { chain, token } = scene;
  return execute(chain, { from, to: token.address, data: encodeCall(token, name, args) });
}

function pay({ chain, token, payer }: Scene, valueWei: bigint) {
  return execute(chain, { from: payer, to: token.address, valueWei });
}

async function snapshot(scene: Scene) {
  await mineBlock(scene.chain, (await latestBlock(scene.chain)).timestamp + 20);
  return call(scene, scene.founder, 'snapshot');
}

/** Runs a story on one fork, replaces it by another one, and compares with a fresh index. */
async function reorgTo(
  first: (scene: Scene) => Promise<unknown>,
  second: (scene: Scene) => Promise<unknown>,
): Promise<void> {
  const scene = await startScene();
  const tokens = [scene.token.address];
  const request = { ...scene, databaseUrl: await freshDatabase(), tokens };
  await expectSameAfterReorg(request, {
    first: () => first(scene),
    second: () => second(scene),
    indexAfresh: async () => {
      const databaseUrl = await freshDatabase();
      await indexTo({ ...request, databaseUrl });
      return databaseUrl;
    },
  });
}

describe('after a reorg the tables equal those of a fresh index of the final chain', () => {
  it('when a receipt moves to another block with another amount', async () => {
    await reorgTo(
      async (scene) => {
        await pay(scene, 70n);
        await mineBlocks(scene.chain, 3, 1);
      },
      async (scene) => {
        await mineBlocks(scene.chain, 2, 1);
        await pay(scene, 71n);
      },
    );
  });

  it('when a snapshot, its claims and a burn vanish', async () => {
    await reorgTo(
      async (scene) => {
        await pay(scene, 500n);
        await snapshot(scene);
        await call(scene, scene.friend, 'claim', [2n]);
        await call(scene, scene.friend, 'burn', [100n]);
      },
      (scene) => mineBlocks(scene.chain, 1, 1),
    );
  });

  it('when transfers and claims come in another order', async () => {
    await reorgTo(
      async (scene) => {
        await call(scene, scene.friend, 'claim', [1n]);
        await call(scene, scene.friend, 'transfer', [scene.payer, 400n]);
        await call(scene, scene.payer, 'burn', [10n]);
      },
      async (scene) => {
        await call(scene, scene.friend, 'transfer', [scene.payer, 150n]);
        await call(scene, scene.payer, 'burn', [10n]);
        await call(scene, scene.friend, 'claim', [1n]);
      },
    );
  });

  it('when a new holder appears only on the abandoned fork', async () => {
    const stranger = `0x${'57'.repeat(20)}`;
    await reorgTo(
      (scene) => call(scene, scene.founder, 'transfer', [stranger, 5n]),
      (scene) => pay(scene, 1n),
    );
  });
});

describe('a run that is cut in two', () => {
  it('continues from its last commit and ends with the same tables', async () => {
    const scene = await startScene();
    const tokens = [scene.token.address];
    const whole = await freshDatabase();
    const halves = await freshDatabase();
    await pay(scene, 33n);
    await call(scene, scene.friend, 'claim', [1n]);
    await call(scene, scene.friend, 'burn', [50n]);
    await mineBlocks(scene.chain, 12, 1);

    await indexTo({ ...scene, databaseUrl: whole, tokens });
    for (const block of [3, 5, 24, 26]) {
      await indexTo({ ...scene, databaseUrl: halves, tokens }, block);
    }
    await indexTo({ ...scene, databaseUrl: halves, tokens });
    expect(await dumpTables(halves)).toEqual(await dumpTables(whole));
  });
});
