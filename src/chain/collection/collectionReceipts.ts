import type { Address } from '../../address.js';
import type { ChainNode } from '../node.js';
import type { Operation } from '../reading/operation.js';
import type { SourceBlock } from '../reading/source.js';
import { placedRecord } from '../reading/tree/callTrees.js';
import { activityAround, type TransactionActivity, transactionActivity } from './activity.js';
import { collectionRecords } from './collectionSource.js';

/**
 * Tells the receipts of a block what collections did around them. The node is asked only
 * where a payment passed a collection into which the transaction came by several calls.
 */
export async function withCollections(
  node: ChainNode,
  block: SourceBlock,
  operations: ReadonlyMap<Address, Operation[]>,
  collections: ReadonlySet<string>,
): Promise<ReadonlyMap<Address, Operation[]>> {
  if (collections.size === 0) return operations;
  // By transaction index: whether a payment passed a collection.
  const paying = new Map<number, boolean>();
  for (const operation of [...operations.values()].flat()) {
    if (operation.kind !== 'receipt') continue;
    const { transactionIndex, origin } = operation;
    const passes = origin.path.some((address) => collections.has(address));
    paying.set(transactionIndex, passes || paying.get(transactionIndex) === true);
  }
  if (paying.size === 0) return operations;
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
  paying: ReadonlyMap<number, boolean>,
): Promise<Map<number, TransactionActivity>> {
  const activities = new Map<number, TransactionActivity>();
  for (const record of collectionRecords(block, { collections, revenueTokens: new Set() })) {
    const needsMints = paying.get(record.transactionIndex);
    if (needsMints === undefined) continue;
    let activity = transactionActivity(record, collections, needsMints);
    if (activity === null) {
      const placed = await placedRecord(node, block, record);
      activity = transactionActivity(placed, collections, needsMints);
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
