import type { Chain } from '../../devnet/anvil.js';
import type { Address } from '../../src/address.js';
import { ChainViews } from '../../src/audit/questions/chainViews.js';
import { ChainNode } from '../../src/chain/node.js';

/** Works with what the contracts of a local chain say at the end of a block. */
export async function withViews<Result>(
  chain: Chain,
  block: number,
  work: (views: ChainViews, node: ChainNode) => Promise<Result>,
): Promise<Result> {
  const node = new ChainNode(chain.url);
  try {
    const { hash } = await node.blockHeader(block);
    return await work(await ChainViews.at(node, { number: block, hash }), node);
  } finally {
    node.close();
  }
}

/** Answers of view functions in the order of the calls; `null` where the contract reverts. */
export function callViews(
  chain: Chain,
  block: number,
  calls: readonly { readonly to: Address; readonly data: string }[],
): Promise<(bigint | null)[]> {
  return withViews(chain, block, (views) =>
    views.read(calls.map((call) => ({ kind: 'call', ...call }))),
  );
}
