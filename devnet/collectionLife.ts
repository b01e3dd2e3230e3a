// SPDX-License-Identifier: GPL-3.0-or-later
import { id } from 'ethers';
import type { TransactionReceipt, TransactionRequest } from './chain.js';
import { actionsOf } from './collectionActions.js';
import type { CollectionWorld } from './collectionWorld.js';

export interface CollectionLifeReport {
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Transactions that succeeded, and that were reverted. */
  readonly succeeded: number;
  readonly reverted: number;
}

const TRANSFER = id('Transfer(address,address,uint256)');
const MOST_PER_BLOCK = 3;

/**
 * Lets random actors mint, write, trade and burn tokens of all shapes, one to three
 * transactions a block. The same seed and world give the same chain.
 */
export async function liveCollections(
  world: CollectionWorld,
  operations: number,
): Promise<CollectionLifeReport> {
  const heights: number[] = [];
  const statuses: boolean[] = [];
  while (statuses.length < operations) {
    const wanted = world.random.integer(1, Math.min(MOST_PER_BLOCK, operations - statuses.length));
    const receipts = await world.blocks.mine(
      Array.from({ length: wanted }, () => nextTransaction(world)),
    );
    for (const receipt of receipts) {
      heights.push(Number(receipt.blockNumber));
      statuses.push(receipt.status === '0x1');
      noteTransfers(world, receipt);
    }
  }
  return {
    firstBlock: heights.at(0) ?? 0,
    lastBlock: heights.at(-1) ?? 0,
    succeeded: statuses.filter(Boolean).length,
    reverted: statuses.filter((isGood) => !isGood).length,
  };
}

/** A transaction of a random kind to a random collection. */
function nextTransaction(world: CollectionWorld): TransactionRequest {
  for (;;) {
    const collection = world.random.pick(world.collections);
    const action = world.random.weighted(actionsOf(collection.shape));
    const transaction = action(world, collection);
    if (transaction !== null) return transaction;
  }
}

/** Keeps the owners of the world by the logs of a transaction. */
export function noteTransfers({ owners }: CollectionWorld, { logs }: TransactionReceipt): void {
  for (const { address, topics } of logs) {
    const [topic, , to = '', tokenId = '0x0'] = topics;
    const ofCollection = owners.get(address.toLowerCase());
    if (ofCollection === undefined || topic !== TRANSFER || topics.length !== 4) continue;
    const owner = `0x${to.slice(26)}`;
    if (BigInt(owner) === 0n) ofCollection.delete(BigInt(tokenId));
    else ofCollection.set(BigInt(tokenId), owner);
  }
}
