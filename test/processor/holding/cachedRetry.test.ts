import { expect, test } from 'vitest';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const FINALITY = 3;
/** Whole blocks, their logs and their call frames. */
const OF_BLOCKS = /^(eth_getBlockBy|eth_getLogs|eth_getBlockReceipts|trace_|debug_trace)/;

test('a retry of a held token asks the nodes for its block alone where each block was read before', async () => {
  const scene = await Scene.start();
  const { chain, token, founder } = scene;
  await scene.pay(10n ** 18n);
  await execute(chain, { from: token.address, to: founder, valueWei: 1n });
  for (let round = 0; round < 5; round++) {
    await scene.pay(10n);
    await mineBlocks(chain, 8);
  }
  const node = await oddNode(chain.url);
  const databaseUrl = await freshDatabase();
  const cache = { folder: await temporaryFolder(), maxBytes: 1e9 };
  const index = async (rpcTimeoutSeconds: number) => {
    const before = node.asked.length;
    const indexing = indexTo({
      chain: { ...chain, url: node.url },
      databaseUrl,
      tokens: [token.address],
      finality: FINALITY,
      rpcTimeoutSeconds,
      more: { cache, source: { blocksAtLeast: 1_000_000 } },
    });
    await expect(indexing).rejects.toThrow(/The books of token 0x\w+ end at block/);
    return node.asked.slice(before).filter(({ method }) => OF_BLOCKS.test(method));
  };
  const heights = (calls: Awaited<ReturnType<typeof index>>) =>
    calls.flatMap(({ method, params }) =>
      /^(trace_block|eth_getLogs)$/.test(method) ? JSON.stringify(params) : [],
    );
  const first = await index(30);
  const [hold] = await query<{ last_block: number; block: number }>(
    databaseUrl,
    'SELECT last_block::int, block_number::int AS block FROM contract_hold',
  );
  const block = hold?.block ?? 0;
  expect(hold?.last_block).toBe(block - 1);
  const head = Number(await chain.rpc.call<string>('eth_blockNumber'));
  // The config says another way to ask the node: the blocks from the last right one on are read again.
  // What was on its way to the cache when the first run ended is read by the second one.
  await index(31);
  const retried = await index(32);
  expect(new Set(heights(first)).size).toBeGreaterThan(head / 2);
  const tag = (height: number) => `0x${height.toString(16)}`;
  const isNew = (height: number) => height === block || height > head - FINALITY;
  const again = heights(retried).filter(
    (params) =>
      ![...Array(head + 1).keys()].some(
        (height) => isNew(height) && params.includes(`"${tag(height)}"`),
      ),
  );
  expect(again).toEqual([]);
  expect(heights(retried).length).toBeLessThan(heights(first).length / 2);
});
