import { AbiCoder, keccak256 } from 'ethers';
import { describe, expect, it } from 'vitest';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { countRows } from '../../support/databases/tables.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const CLAIMABLE_AT_SNAPSHOT_SLOT = 14;

/** Indexes the scene into a database that is returned with what went wrong. */
async function refused(scene: Scene) {
  const databaseUrl = await freshDatabase();
  const { chain, token } = scene;
  const error = await indexTo({ chain, databaseUrl, tokens: [token.address] }).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { databaseUrl, error };
}

async function tamper({ chain, token }: Scene, slot: string, value: bigint): Promise<void> {
  const word = `0x${value.toString(16).padStart(64, '0')}`;
  await chain.rpc.call('anvil_setStorageAt', [token.address, slot, word]);
}

describe('what the ledger cannot explain stops the processor and is not written', () => {
  it('a claim that paid something else than the share', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    // In the block of the snapshot the contract says what the books say.
    await mineBlocks(scene.chain, 1);
    const slot = keccak256(
      AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [1, CLAIMABLE_AT_SNAPSHOT_SLOT]),
    );
    await tamper(scene, slot, 799n);
    await scene.call(scene.founder, 'claim', [1n]);
    const { databaseUrl, error } = await refused(scene);
    expect(error).toMatchObject({
      code: 'LEDGER_PAYMENT_DIFFERS',
      message: expect.stringContaining('was paid 799 wei for snapshot 1'),
    });
    expect(await countRows(databaseUrl)).toMatchObject({ claim: 0 });
  });

  it('a burn that paid out of a pool that nobody filled', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.pay(100n);
    await tamper(scene, '0x11', 250n);
    await scene.call(scene.founder, 'burn', [100n]);
    const { error } = await refused(scene);
    expect(error).toMatchObject({
      code: 'LEDGER_PAYMENT_DIFFERS',
      message: expect.stringContaining('burning 100 of 1000 should pay 22, the contract paid 26'),
    });
  });

  it('ETH that leaves the token by a function that is neither a claim nor a burn', async () => {
    const scene = await Scene.start();
    await scene.pay(10n ** 18n);
    await execute(scene.chain, { from: scene.token.address, to: scene.friend, valueWei: 5n });
    const { error } = await refused(scene);
    expect(error).toMatchObject({
      code: 'CHAIN_UNEXPLAINED_PAYMENT',
      message: expect.stringContaining('paid 5 wei'),
    });
  });

  it('ETH that is gone without any frame', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await mineBlocks(scene.chain, 3);
    await scene.chain.rpc.call('anvil_setBalance', [scene.token.address, '0x3e7']);
    await mineBlocks(scene.chain, 3);
    const { error } = await refused(scene);
    expect(error).toMatchObject({
      code: 'CHAIN_BALANCE_TOO_LOW',
      message: expect.stringContaining('holds 999 wei'),
    });
  });
});
