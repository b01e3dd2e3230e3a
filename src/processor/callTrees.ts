import { setTimeout as delay } from 'node:timers/promises';
import { callTreeParams, recordFromCallTree } from '../chain/callTree.js';
import type { TransactionRecord } from '../chain/frames.js';
import type { ChainNode } from '../chain/node.js';
import type { SourceBlock } from '../chain/source.js';
import { ImoError } from '../errors.js';

/** Pauses before a tree that is not whole is asked for again, in milliseconds. */
const PAUSES_MS = [0, 100, 250, 500, 1_000];

/** Trees are large: each is kept for as long as its block is being booked. */
const trees = new WeakMap<SourceBlock, Promise<unknown>>();

/**
 * The record of one transaction with its logs in their places among the frames, by the call tree
 * of its block, which is fetched once whoever needs it. A tree that lacks the transaction or one
 * of its logs is asked for again, elsewhere first.
 *
 * @throws ImoError `CHAIN_TREE_DIFFERS` if the nodes go on contradicting themselves, and those of
 *   `ChainNode`
 */
export async function placedRecord(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
): Promise<TransactionRecord> {
  for (const pause of PAUSES_MS) {
    const tree = callTreeOf(node, block);
    try {
      return recordFromCallTree(await tree, record);
    } catch (error) {
      if (!isTreeDiffering(error)) throw error;
      forget(block, tree);
      node.distrust('debug_traceBlockByHash');
      await delay(pause);
    }
  }
  return recordFromCallTree(await callTreeOf(node, block), record);
}

function callTreeOf(node: ChainNode, block: SourceBlock): Promise<unknown> {
  const known = trees.get(block);
  if (known !== undefined) return known;
  const tree = node.traceBlock(callTreeParams(block.header.hash));
  trees.set(block, tree);
  tree.catch(() => forget(block, tree));
  return tree;
}

/** Unless somebody else has asked for it again already. */
function forget(block: SourceBlock, tree: Promise<unknown>): void {
  if (trees.get(block) === tree) trees.delete(block);
}

function isTreeDiffering(error: unknown): boolean {
  return error instanceof ImoError && error.code === 'CHAIN_TREE_DIFFERS';
}
