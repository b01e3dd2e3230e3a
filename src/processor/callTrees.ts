import { callTreeParams } from '../chain/callTree.js';
import type { ChainNode } from '../chain/node.js';
import type { SourceBlock } from '../chain/source.js';

/** Trees are large: each is kept for as long as its block is being booked. */
const trees = new WeakMap<SourceBlock, Promise<unknown>>();

/** The call tree of a block with its logs in place, fetched once whoever needs it. */
export function callTreeOf(node: ChainNode, block: SourceBlock): Promise<unknown> {
  const known = trees.get(block);
  if (known !== undefined) return known;
  const tree = node.traceBlock(callTreeParams(block.header.hash));
  trees.set(block, tree);
  return tree;
}
