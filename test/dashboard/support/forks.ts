import { expect } from 'vitest';
import type { Chain } from '../../../devnet/anvil.js';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import type { WatchedPage } from '../../support/programs/browser.js';
import type { Follower } from '../../support/programs/indexer.js';

/** How a follower of these tests asks for new blocks: they wait for a browser most of the time. */
export const SELDOM = { headPollIntervalSeconds: 0.2 };

/** What happens on the chain in the meantime is taken back by a reorg. */
export async function takenBack(
  chain: Chain,
  follower: Follower,
  run: () => Promise<void>,
): Promise<void> {
  const fork = await chain.rpc.call<string>('evm_snapshot');
  try {
    await run();
  } finally {
    const { number } = await latestBlock(chain);
    await chain.rpc.call('evm_revert', [fork]);
    // Polling notices a fork once it is higher than what it has seen.
    await mineBlocks(chain, number + 1 - (await latestBlock(chain)).number, 1);
    await follower.caughtUp();
  }
}

/** Closes a page in which nothing went wrong but refusals in the middle of a reorg: the client asks again. */
export async function closeFaultless({ page, complaints }: WatchedPage): Promise<void> {
  await page.close();
  expect(complaints.filter((line) => !/status of (400|503)/.test(line))).toEqual([]);
}
