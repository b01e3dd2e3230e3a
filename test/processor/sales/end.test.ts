import { expect, it } from 'vitest';
import { latestBlock, mineBlock } from '../../../devnet/chain.js';
import { ChainNode } from '../../../src/chain/node.js';
import { firstBlockAt } from '../../../src/processor/sales/saleEnd.js';
import { startAnvil } from '../../support/nodes/anvil.js';

it('a moment is reached by the first block that is not before it', async () => {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const node = new ChainNode(chain.url);
  // Blocks 1 to 20, 10 seconds apart.
  for (let block = 1; block <= 20; block += 1) {
    await mineBlock(chain, 1_750_000_000 + 10 * block);
  }
  const head = await node.blockHeader((await latestBlock(chain)).number);
  const reached = async (seconds: number, low = 0) =>
    (await firstBlockAt(node, 1_750_000_000n + BigInt(seconds), low, head)).number;
  expect(await reached(70)).toBe(7);
  expect(await reached(71)).toBe(8);
  expect(await reached(200)).toBe(20);
  expect(await reached(10, 1)).toBe(1);
  // It was reached when the contract was deployed.
  expect(await reached(30, 12)).toBe(12);
  node.close();
});
