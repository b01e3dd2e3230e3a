import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { indexTo } from '../../support/programs/indexer.js';
import { expectSameAfterReorg } from '../../support/programs/replacedFork.js';
import { OracleScene, rowsOf } from '../../support/scenes/oracleScene.js';

const CALLED = { gasLimit: 200_000n } as const;

/** A model with a request, 20 blocks deep. */
async function begin(): Promise<OracleScene> {
  const scene = await OracleScene.start();
  await scene.upload({ modelId: 11n });
  await scene.ask({ modelId: 11n }, 1000n);
  await scene.upload({ modelId: 13n }, scene.first);
  await mineBlocks(scene.chain, 20, 1);
  return scene;
}

/** Runs a story on one fork, replaces it by another one, and compares with a fresh index. */
async function reorgTo(
  first: (scene: OracleScene) => Promise<unknown>,
  second: (scene: OracleScene) => Promise<unknown>,
): Promise<void> {
  const scene = await begin();
  await expectSameAfterReorg(scene.request(await freshDatabase()), {
    first: () => first(scene),
    second: () => second(scene),
    indexAfresh: () => scene.index(),
  });
}

describe('after a reorg the models equal those of a fresh index', () => {
  it('when the fee was another and the revenue was claimed on one fork only', () =>
    reorgTo(
      async (scene) => {
        await scene.call(scene.oracle, 'setModelFee', [11n, 5n]);
        await scene.ask({ modelId: 11n }, 5n);
        await scene.call(scene.oracle, 'claimModelRevenue', [11n]);
      },
      (scene) => scene.ask({ modelId: 11n }, 1000n),
    ));

  it('when a model is uploaded, removed and answered on the fork that vanishes', () =>
    reorgTo(
      async (scene) => {
        await scene.upload({ modelId: 99n });
        await scene.ask({ modelId: 99n }, 1000n);
        await scene.call(scene.oracle, 'invokeCallback', [1n, '0xaa'], { priorityFeeWei: 7n });
        await scene.call(scene.oracle, 'removeModel', [99n]);
      },
      async (scene) => {
        // The gas price of the other fork must be forgotten.
        const ask = { modelId: 11n, callbackContract: scene.user.address, ...CALLED };
        await scene.call(scene.oracle, 'invokeCallback', [1n, '0xaa'], { priorityFeeWei: 3n });
        await scene.ask(ask, 601_000n);
        await scene.upload({ modelId: 99n, fee: 3n });
      },
    ));
});

describe('a run that is cut in pieces', () => {
  it('continues from its last commit and ends with the same tables', async () => {
    const scene = await begin();
    const { chain, oracle, user } = scene;
    const start = (await latestBlock(chain)).number;
    await scene.ask({ modelId: 11n, callbackContract: user.address, ...CALLED }, 1000n);
    await scene.call(oracle, 'invokeCallback', [1n, '0xaa'], { priorityFeeWei: 7n });
    await scene.ask({ modelId: 11n, callbackContract: user.address, ...CALLED }, 1_401_000n);
    await scene.call(oracle, 'removeModel', [11n]);
    await scene.upload({ modelId: 11n, fee: 9n });
    await mineBlocks(chain, 12, 1);

    const halves = await freshDatabase();
    for (const toBlock of [2, start, start + 1, start + 3, start + 4]) {
      await scene.indexInto(halves, { toBlock });
    }
    await scene.indexInto(halves);
    expect(await dumpTables(halves)).toEqual(await dumpTables(await scene.index()));
  });

  it('starts after the deployment, at any block, with the same revenue', async () => {
    const scene = await begin();
    const { chain, oracle, receiver } = scene;
    const start = (await latestBlock(chain)).number;
    await scene.call(oracle, 'setModelFee', [11n, 10n]);
    await scene.ask({ modelId: 11n }, 10n);
    await scene.update({ modelId: 11n, receiver, receiverPercentage: 50n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(oracle, 'claimModelRevenue', [11n]);
    for (const startBlock of [1, start, start + 1, start + 2, start + 4, start + 5]) {
      const databaseUrl = await scene.index({ startBlock });
      expect(
        await rowsOf(databaseUrl, 'SELECT amount::text FROM model_payout ORDER BY id'),
      ).toEqual([{ amount: '1207' }]);
    }
  });
});

describe('config and database', () => {
  it('an oracle may come late, and one that leaves the config is archived', async () => {
    const scene = await begin();
    const databaseUrl = await freshDatabase();
    const { oracle, first } = scene;
    const request = scene.request(databaseUrl);
    const height = await indexTo({ ...request, oracles: [oracle] });
    await mineBlocks(scene.chain, 2, 1);
    const { address } = first;
    await indexTo({ ...request, oracles: [oracle, { address, startBlock: height + 1 }] });
    await indexTo({ ...request, oracles: [first] });
    const books = `SELECT '0x' || encode(address, 'hex') AS address, archived_block IS NULL AS continues
      FROM contract ORDER BY archived_block NULLS FIRST`;
    expect(await rowsOf(databaseUrl, books)).toEqual([
      { address: first.address.toLowerCase(), continues: true },
      { address: oracle.address.toLowerCase(), continues: false },
    ]);
  });

  it('an address without code is refused', async () => {
    const scene = await begin();
    const databaseUrl = await freshDatabase();
    await expect(
      indexTo({ ...scene.request(databaseUrl), oracles: [{ address: scene.receiver }] }),
    ).rejects.toMatchObject({ code: 'ORACLE_NOT_A_CONTRACT' });
  });
});
