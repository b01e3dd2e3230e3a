import { expect, it } from 'vitest';
import { mineBlock } from '../../../devnet/chain.js';
import type { FinderKind } from '../../../src/config/source/finderKinds.js';
import { dumpTables } from '../../support/databases/tables.js';
import type { Dialect } from '../../support/nodes/oddNode.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { indexFound } from '../../support/programs/foundIndex.js';
import { DOLLAR, PriceScene } from '../../support/scenes/priceScene.js';

const FINALITY = 2;

it('rounds of a feed that a finder leaves out are found by the storage of the aggregator', async () => {
  const prices = await PriceScene.start();
  const { scene, aggregator } = prices;
  await prices.submit(2_000n * DOLLAR);
  await scene.pay(1_000n);
  await mineBlock(scene.chain);
  await prices.submit(2_100n * DOLLAR);
  await scene.pay(1_000n);
  await prices.submit(2_200n * DOLLAR);
  for (let block = 0; block <= FINALITY; block++) await mineBlock(scene.chain);

  const index = async (finder: FinderKind, url = scene.chain.url) => {
    const { databaseUrl, warnings } = await indexFound(finder, {
      chain: { ...scene.chain, url },
      tokens: [scene.token.address],
      finality: FINALITY,
      more: { prices: [prices.feed({ startBlock: aggregator.deploymentBlock })] },
    });
    return { rows: await dumpTables(databaseUrl), warnings };
  };
  const truth = (await index('blocks')).rows;
  expect(truth.price_round).toHaveLength(3);

  const emitter = aggregator.address.toLowerCase();
  const withoutRounds: Dialect = async (call, ask) => {
    const reply = await ask(call);
    if (call.method !== 'eth_getLogs' || !Array.isArray(reply.result)) return reply;
    const others = reply.result.filter((log) => String(log.address).toLowerCase() !== emitter);
    return { result: others };
  };
  const node = await oddNode(scene.chain.url, withoutRounds);
  const { rows, warnings } = await index('ranges', node.url);
  expect(rows).toEqual(truth);
  expect(warnings.filter((line) => line.includes('ranges left out block'))).toHaveLength(3);
});
