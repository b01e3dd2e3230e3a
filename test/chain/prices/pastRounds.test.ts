import { AbiCoder } from 'ethers';
import { expect, it } from 'vitest';
import { functions } from '../../../src/abi/priceAggregator.js';
import type { ChainNode } from '../../../src/chain/node.js';
import { pastRounds } from '../../../src/chain/prices/pastRounds.js';

const AGGREGATOR = `0x${'a9'.repeat(20)}` as const;

function words(...values: bigint[]): string {
  const types = values.map(() => 'uint256');
  return AbiCoder.defaultAbiCoder().encode(types, values);
}

/** A node without logs of an aggregator that says that round 9 is its newest one. */
function nodeOf(roundNine: string | null): ChainNode {
  const node = {
    logs: async () => [],
    headersAt: async () => [],
    view: async (_: string, data: string) =>
      data === functions.latestRoundData.selector ? words(9n, 5n, 100n, 100n, 9n) : null,
    views: async () => [roundNine],
    distrust: () => undefined,
  };
  return node as unknown as ChainNode;
}

async function read(node: ChainNode): Promise<void> {
  for await (const _ of pastRounds(node, AGGREGATOR, { from: 11, to: 99, opening: null }));
}

it('an aggregator whose newest round was never logged contradicts itself', async () => {
  await expect(read(nodeOf(null))).rejects.toMatchObject({
    code: 'PRICE_ROUND_DIFFERS',
    block: 99,
    lastBlock: 10,
  });
});

it('a round that was answered, and of which no log is there, is a fault of the node', async () => {
  await expect(read(nodeOf(words(9n, 5n, 100n, 100n, 9n)))).rejects.toMatchObject({
    code: 'RPC_LOGS_MISSING',
  });
});
