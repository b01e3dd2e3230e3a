import { expect, it, onTestFinished } from 'vitest';
import { latestBlock, mineBlocks } from '../../../../devnet/chain.js';
import { freshDatabase, query } from '../../../support/databases/postgres.js';
import { type Dialect, startOddNode } from '../../../support/nodes/oddNode.js';
import { indexTo } from '../../../support/programs/indexer.js';
import { Scene } from '../../../support/scenes/scene.js';

const TIP_WEI = 21_000n;
const QUIET_BLOCKS = 40;

/** A node that does not show the money that an account got without a frame. */
function hides(account: string, amountWei: bigint, fromBlock: number): Dialect {
  return async (call, ask) => {
    const reply = await ask(call);
    const [address, tag] = call.params;
    if (call.method !== 'eth_getBalance' || address !== account) return reply;
    const byHash = typeof tag === 'object' && tag !== null ? Object.values(tag)[0] : null;
    const { result } =
      byHash === null
        ? { result: { number: tag } }
        : await ask({ method: 'eth_getBlockByHash', params: [byHash, false] });
    const block = Number((result as { number: string }).number);
    if (block < fromBlock) return reply;
    return { result: `0x${(BigInt(String(reply.result)) - amountWei).toString(16)}` };
  };
}

it('money that a node hid over many blocks is found by steps back that double', async () => {
  const scene = await Scene.start();
  const { chain, token, friend, payer } = scene;
  await mineBlocks(chain, QUIET_BLOCKS);
  await scene.pay(1000n);
  const databaseUrl = await freshDatabase();
  const warnings: string[] = [];
  const index = (url: string) =>
    indexTo({
      chain: { ...chain, url },
      databaseUrl,
      tokens: [token.address],
      finality: 1000,
      onWarning: (line) => warnings.push(line),
    });
  await index(chain.url);

  await chain.rpc.call('anvil_setCoinbase', [token.address]);
  await scene.inOneBlock([
    { from: payer, to: friend, valueWei: 1n, gas: 21_000n, priorityFeeWei: 1n },
  ]);
  await chain.rpc.call('anvil_setCoinbase', [`0x${'00'.repeat(20)}`]);
  const { number: paid } = await latestBlock(chain);
  await mineBlocks(chain, QUIET_BLOCKS);
  const hiding = await startOddNode(chain.url, [hides(token.address, TIP_WEI, paid)]);
  onTestFinished(() => hiding.close());
  const wrongAt = await index(hiding.url);
  expect(warnings).toEqual([]);

  await mineBlocks(chain, 1);
  await index(chain.url);
  const rereads = warnings.map((line) =>
    Number(/Reading the blocks from (\d+) on/.exec(line)?.[1]),
  );
  const [first = 0] = rereads;
  // Each reread finds the same fault at the block before it, and begins twice as far back.
  expect(first).toBe(wrongAt);
  expect(rereads.map((block) => first - block)).toEqual([0, 2, 6, 14, 30, 62]);
  expect(
    await query(
      databaseUrl,
      `SELECT block_number AS block, kind, amount_wei::text AS amount FROM receipt
       ORDER BY block_number, position`,
    ),
  ).toEqual([
    { block: paid - 1, kind: 'call', amount: '1000' },
    { block: paid, kind: 'untraced', amount: String(TIP_WEI) },
  ]);
});
