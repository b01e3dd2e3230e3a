import { expect, it } from 'vitest';
import { readContract } from '../../devnet/deploy.js';
import { createSaleWorld, drawSaleTransactions, liveSales } from '../../devnet/saleLife.js';
import { startAnvil } from '../support/nodes/anvil.js';

const GENESIS = { genesisTimestamp: 1_750_000_000 };

async function live(seed: number) {
  const chain = await startAnvil(GENESIS);
  const world = await createSaleWorld(chain, { seed });
  const report = await liveSales(world, { transactions: 30 });
  const { stateRoot } = await chain.rpc.call<{ stateRoot: string }>('eth_getBlockByNumber', [
    'latest',
    false,
  ]);
  await chain.stop();
  return { world, report, stateRoot };
}

it('the same seed lives the same sales', async () => {
  const [one, same, other] = [await live(5), await live(5), await live(6)];
  expect(same.report).toEqual(one.report);
  expect(same.stateRoot).toBe(one.stateRoot);
  expect(other.stateRoot).not.toBe(one.stateRoot);
});

it('launchpads end as their fate says', async () => {
  const chain = await startAnvil(GENESIS);
  const world = await createSaleWorld(chain, { seed: 8 });
  await liveSales(world, { transactions: 60 });
  for (const { kind, fate, contract, target } of world.sales) {
    if (kind !== 'launchpad') continue;
    const raised = await readContract(chain, contract, 'totalRaised');
    if (fate === 'empty') expect(raised).toBe(0n);
    if (fate === 'failed') expect(raised > 0n && raised < target).toBe(true);
    if (fate === 'exact') expect(raised).toBe(target);
    if (fate === 'oversubscribed') expect(raised > target).toBe(true);
  }
});

it('another life can take its transactions, those that fit the moment', async () => {
  const chain = await startAnvil(GENESIS);
  const world = await createSaleWorld(chain, { seed: 9, windowSeconds: 500 });
  const paying = await world.blocks.mine(await drawSaleTransactions(world, 12));
  await world.blocks.mine([], 600);
  const settling = await world.blocks.mine(await drawSaleTransactions(world, 12));
  for (const receipts of [paying, settling]) {
    expect(receipts).toHaveLength(12);
    expect(receipts.some(({ status }) => status === '0x1')).toBe(true);
  }
});
