import { describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../../../devnet/actors.js';
import { execute, mineBlocks } from '../../../../devnet/chain.js';
import { deployWindowed } from '../../../../devnet/deploy.js';
import { freshDatabase, query } from '../../../support/databases/postgres.js';
import { startAnvil } from '../../../support/nodes/anvil.js';
import { indexTo } from '../../../support/programs/indexer.js';
import { Scene } from '../../../support/scenes/scene.js';

interface ReceiptRow extends Record<string, unknown> {
  block: number;
  kind: string;
  amount: string;
}

const RECEIPTS = `SELECT block_number AS block, kind, amount_wei::text AS amount
  FROM receipt ORDER BY block_number, position`;

/** Books the chain and returns all receipts. */
async function receiptsOf(scene: Scene): Promise<ReceiptRow[]> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address] });
  return query<ReceiptRow>(databaseUrl, RECEIPTS);
}

describe('ETH that no frame explains is booked in the block where it appeared', () => {
  it('money that lay at the address before the contract', async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = '', payer = ''] = await defaultAccounts(chain);
    // The founder's first contract: the address is known before.
    const address = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
    await execute(chain, { from: payer, to: address, valueWei: 77n });
    await mineBlocks(chain, 5);
    const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Model',
      symbol: 'MDL',
      supply: 1000n,
      percentClaimable: 80,
      snapshotInterval: 10,
    });
    expect(token.address).toBe(address);
    const databaseUrl = await freshDatabase();
    await indexTo({ chain, databaseUrl, tokens: [address] });
    expect(await query<ReceiptRow>(databaseUrl, RECEIPTS)).toEqual([
      { block: token.deploymentBlock, kind: 'untraced', amount: '77' },
    ]);
  });

  it('tips of the token’s own blocks, each after its transaction', async () => {
    const scene = await Scene.start();
    const { chain, token, founder, friend, payer } = scene;
    await scene.pay(1000n);
    await scene.snapshot();
    await chain.rpc.call('anvil_setCoinbase', [token.address]);
    await scene.inOneBlock([
      // The tip of the first transaction is new revenue when the second burns.
      { from: payer, to: friend, valueWei: 1n, gas: 21_000n, priorityFeeWei: 1n },
      { from: founder, to: token.address, data: scene.data('burn', [500n]) },
    ]);
    await chain.rpc.call('anvil_setCoinbase', [`0x${'00'.repeat(20)}`]);
    expect(await scene.booked()).toEqual([
      ['untraced', '21000', ''],
      // 500 * (21000 * 20 // 100) // 1000 + 500 * 200 // 1000
      ['redemption', '2200', '500'],
      ['transfer', '500', '0000'],
    ]);
  });

  it('several times between two operations, long after, without a transaction of the token', async () => {
    const scene = await Scene.start();
    const { chain, token } = scene;
    const raise = async (amountWei: number) => {
      const [balance] = [await chain.rpc.call<string>('eth_getBalance', [token.address, 'latest'])];
      const raised = BigInt(balance) + BigInt(amountWei);
      await chain.rpc.call('anvil_setBalance', [token.address, `0x${raised.toString(16)}`]);
    };
    await scene.pay(100n);
    const first = Number(await chain.rpc.call<string>('eth_blockNumber'));
    await mineBlocks(chain, 30);
    await raise(5);
    await mineBlocks(chain, 40);
    await raise(6);
    await mineBlocks(chain, 50);
    await scene.snapshot();
    const receipts = await receiptsOf(scene);
    expect(receipts.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['call', '100'],
      ['untraced', '5'],
      ['untraced', '6'],
    ]);
    // anvil shows such a change in the state of the newest block.
    expect(receipts.map(({ block }) => block - first)).toEqual([0, 30, 70]);
  });
});
