import type { Address } from '../address.js';
import { callTreeParams, recordFromCallTree } from '../chain/callTree.js';
import {
  activityAround,
  type TransactionActivity,
  transactionActivity,
} from '../chain/collection/activity.js';
import { collectionRecords } from '../chain/collection/collectionSource.js';
import type { ChainNode } from '../chain/node.js';
import type { Operation } from '../chain/operation.js';
import type { SourceBlock } from '../chain/source.js';

/**
 * Tells the receipts of a block what collections did around them. The node is asked only
 * where a transaction both paid a token and came into a collection by several calls.
 */
export async function withCollections(
  node: ChainNode,
  block: SourceBlock,
  operations: ReadonlyMap<Address, Operation[]>,
  collections: ReadonlySet<string>,
): Promise<ReadonlyMap<Address, Operation[]>> {
  const paying = new Set<number>();
  for (const operation of [...operations.values()].flat()) {
    if (operation.kind === 'receipt') paying.add(operation.transactionIndex);
  }
  if (collections.size === 0 || paying.size === 0) return operations;
  const activities = await activitiesOf(node, block, collections, paying);
  if (activities.size === 0) return operations;
  return new Map(
    [...operations].map(([token, ofToken]) => [
      token,
      ofToken.map((operation) => told(operation, activities.get(operation.transactionIndex))),
    ]),
  );
}

/** By transaction index: of those that pay a token and move something in a collection. */
async function activitiesOf(
  node: ChainNode,
  block: SourceBlock,
  collections: ReadonlySet<string>,
  paying: ReadonlySet<number>,
): Promise<Map<number, TransactionActivity>> {
  const activities = new Map<number, TransactionActivity>();
  let tree: Promise<unknown> | null = null;
  for (const record of collectionRecords(block, { collections, revenueTokens: new Set() })) {
    if (!paying.has(record.transactionIndex)) continue;
    let activity = transactionActivity(record, collections);
    if (activity === null) {
      tree ??= node.traceBlock(callTreeParams(block.header.hash));
      activity = transactionActivity(recordFromCallTree(await tree, record), collections);
    }
    if (activity !== null) activities.set(record.transactionIndex, activity);
  }
  return activities;
}

function told(operation: Operation, activity: TransactionActivity | undefined): Operation {
  if (activity === undefined || operation.kind !== 'receipt') return operation;
  const { origin } = operation;
  const collections = activityAround(origin.frame, activity);
  return { ...operation, origin: { ...origin, collections } };
}
