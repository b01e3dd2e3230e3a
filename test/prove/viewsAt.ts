import type { Chain } from '../../devnet/anvil.js';
import type { Address } from '../../src/address.js';
import { ChainViews } from '../../src/audit/questions/chainViews.js';
import { ChainNode } from '../../src/chain/node.js';

/** Proofs ask for thousands of blocks: a connection is kept for each chain, and does not keep a process alive. */
const nodes = new Map<string, ChainNode>();

function nodeAt(url: string): ChainNode {
  const known = nodes.get(url) ?? new ChainNode(url);
  nodes.set(url, known);
  return known;
}

/** Works with what the contracts of a local chain say at the end of a block. */
export async function withViews<Result>(
  chain: Chain,
  block: number,
  work: (views: ChainViews, node: ChainNode) => Promise<Result>,
): Promise<Result> {
  const node = nodeAt(chain.url);
  const { hash } = await node.blockHeader(block);
  return work(await ChainViews.at(node, { number: block, hash }), node);
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
