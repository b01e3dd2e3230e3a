import { AbiCoder, keccak256, toBeHex } from 'ethers';
import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { OracleScene, rowsOf } from '../../support/scenes/oracleScene.js';

/** Where the contract keeps its models, and some of their fields. */
const MODELS_SLOT = 4n;
const FEE = 2n;
const ACCRUED = 5n;

/** Changes a field of a model behind the back of every function. */
async function tamper(scene: OracleScene, modelId: bigint, field: bigint, value: bigint) {
  const key = AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [modelId, MODELS_SLOT]);
  const slot = toBeHex(BigInt(keccak256(key)) + field, 32);
  const { chain, oracle } = scene;
  await chain.rpc.call('anvil_setStorageAt', [oracle.address, slot, toBeHex(value, 32)]);
}

/**
 * Books in which all that happened is final: what is tampered with after that is so for anvil at the end of
 * the block before too, and would differ from books that are read again.
 */
async function finalBooks(scene: OracleScene): Promise<string> {
  await scene.chain.rpc.call('anvil_mine', ['0x40']);
  return scene.index();
}

describe('an oracle that does not do what its functions say stops the processor', () => {
  it('terms that changed without a call differ from getModel at the next change', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    await tamper(scene, 11n, FEE, 77n);
    await scene.call(scene.oracle, 'setModelReceiverPercentage', [11n, 50n]);
    await expect(scene.index()).rejects.toMatchObject({
      code: 'ORACLE_DIFFERS',
      message: expect.stringMatching(/model 11 .*books say fee 1000.*oracle says fee 77/s),
    });
  });

  it('ends at the last block at which getModel said what the books say, whatever came after it', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    await scene.upload({ modelId: 12n });
    await mineBlocks(scene.chain, 3);
    await scene.ask({ modelId: 11n }, 1000n);
    const { number: right } = await latestBlock(scene.chain);
    await mineBlocks(scene.chain, 3);
    await tamper(scene, 11n, FEE, 77n);
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.ask({ modelId: 12n }, 1000n);
    await mineBlocks(scene.chain, 3);
    const databaseUrl = await freshDatabase();
    await expect(scene.indexInto(databaseUrl)).rejects.toMatchObject({ code: 'ORACLE_DIFFERS' });
    const held = 'SELECT kind, last_block::int AS block FROM contract_hold';
    expect(await rowsOf(databaseUrl, held)).toEqual([{ kind: 'oracle', block: right }]);
    const requests = 'SELECT fee::int, block_number::int AS block FROM oracle_request';
    expect(await rowsOf(databaseUrl, requests)).toEqual([{ fee: 1000, block: right }]);
  });

  it('a payout of another sum than accrued names the transaction', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    await scene.ask({ modelId: 11n }, 1000n);
    const databaseUrl = await finalBooks(scene);
    await tamper(scene, 11n, ACCRUED, 699n);
    const { transactionHash } = await scene.call(scene.oracle, 'claimModelRevenue', [11n]);
    await expect(scene.indexInto(databaseUrl)).rejects.toMatchObject({
      code: 'LEDGER_PAYMENT_DIFFERS',
      message: expect.stringContaining(`payout in ${transactionHash}`),
    });
  });

  it('a request that paid less than the fee', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    const databaseUrl = await finalBooks(scene);
    await tamper(scene, 11n, FEE, 10n);
    await scene.ask({ modelId: 11n }, 10n);
    await expect(scene.indexInto(databaseUrl)).rejects.toMatchObject({
      code: 'LEDGER_PAYMENT_DIFFERS',
    });
  });
});
