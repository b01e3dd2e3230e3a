import { expect } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { countOperations, dumpTables } from '../databases/tables.js';
import { handledReorgs } from './handledReorgs.js';
import { follow, type IndexRequest } from './indexer.js';

interface Forks {
  readonly first: () => Promise<unknown>;
  readonly second: () => Promise<unknown>;
  /** Indexes the chain, as it is in the end, from the beginning; the URL of the database. */
  readonly indexAfresh: () => Promise<string>;
}

/** Follows a chain on one fork, replaces it by another one, and compares with a fresh index. */
export async function expectSameAfterReorg(
  request: IndexRequest,
  { first, second, indexAfresh }: Forks,
): Promise<void> {
  const { chain, databaseUrl } = request;
  const follower = follow(request);
  await follower.caughtUp();

  const fork = await chain.rpc.call<string>('evm_snapshot');
  const { number: forkHeight } = await latestBlock(chain);
  await first();
  await follower.caughtUp();
  const firstHead = (await latestBlock(chain)).number;
  const oldHeadHash = await hashOf(chain, firstHead);
  const oldHash = await hashOf(chain, forkHeight + 1);
  const replaced = await dumpTables(databaseUrl);
  const rows = await countOperations(databaseUrl, forkHeight);

  await chain.rpc.call('evm_revert', [fork]);
  await second();
  // Polling notices a fork once it is higher than what it has seen.
  const missing = firstHead + 1 - (await latestBlock(chain)).number;
  if (missing > 0) await mineBlocks(chain, missing, 1);
  await follower.caughtUp();
  await follower.stop();

  const followed = await dumpTables(databaseUrl);
  expect(followed).toEqual(await dumpTables(await indexAfresh()));
  expect(followed).not.toEqual(replaced);
  const newHash = await hashOf(chain, forkHeight + 1);
  expect(await handledReorgs(databaseUrl)).toEqual([
    { fork: forkHeight, oldHead: firstHead, oldHeadHash, oldHash, newHash, rows },
  ]);
}

async function hashOf({ rpc }: IndexRequest['chain'], height: number): Promise<string> {
  const asked = [`0x${height.toString(16)}`, false];
  return (await rpc.call<{ hash: string }>('eth_getBlockByNumber', asked)).hash;
}
