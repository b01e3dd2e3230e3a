import pg from 'pg';
import { expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { readContract } from '../../../devnet/deploy.js';
import { readDust } from '../../../src/store/read/entitlements/dust.js';
import { readSnapshotPage } from '../../../src/store/read/tokens/snapshotPage.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

it('the shares of all holders and the dust add up to what a snapshot assigned', async () => {
  const scene = await Scene.start();
  const { chain, token, founder, friend, payer, router } = scene;
  const holders = [founder, friend, payer, router.address];
  await scene.call(founder, 'transfer', [friend, 333n]);
  await scene.pay(1007n);
  await scene.snapshot();
  // Several balances in one interval, and one that becomes nothing.
  await scene.call(friend, 'transfer', [payer, 100n]);
  await scene.call(friend, 'transfer', [payer, 233n]);
  await scene.call(founder, 'transfer', [router.address, 1n]);
  const owed = [await owedBy(scene, holders, 1n)];
  await scene.pay(77n);
  await scene.snapshot();
  owed.push(await owedBy(scene, holders, 2n));
  await scene.call(payer, 'burn', [333n]);
  await scene.snapshot();
  await scene.call(payer, 'deposit', ['0x'], 5n);
  owed.push(await owedBy(scene, holders, 3n));

  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const db = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const block = (await latestBlock(chain)).number;
    const page = await readSnapshotPage(
      db,
      { tokenNumber: 1, block, figure: null, direction: 'ASC' },
      {
        limit: 10,
        after: null,
        before: null,
        isBackward: false,
      },
    );
    const dust = await readDust(
      db,
      page.rows.map(({ snapshotId }) => ({ tokenNumber: 1, snapshotId })),
    );
    expect(dust).toEqual(
      page.rows.map(({ claimableWei }, index) => claimableWei - (owed[index] ?? 0n)),
    );
    // 805 of 1007 wei for 667 and 333 of 1000 units: 536 and 268.
    expect(dust[0]).toBe(1n);
    expect(dust.every((wei) => wei < BigInt(holders.length))).toBe(true);
  } finally {
    await db.end();
  }

  async function owedBy(of: Scene, accounts: readonly string[], id: bigint): Promise<bigint> {
    let sum = 0n;
    for (const account of accounts) {
      sum += await readContract<bigint>(of.chain, of.token, 'claimableRevenue', [account, id]);
    }
    return sum;
  }
});
