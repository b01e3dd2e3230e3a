import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { follow } from '../../support/programs/indexer.js';
import { JoiningScene } from '../../support/scenes/joiningScene.js';

let scene: JoiningScene;

beforeAll(async () => {
  scene = await JoiningScene.start();
});

/** Waits until nothing joins any more. */
async function joined(databaseUrl: string, tokens: number): Promise<void> {
  for (;;) {
    const live = await query(databaseUrl, 'SELECT FROM token WHERE chain_id > 0');
    const joining = await query(databaseUrl, 'SELECT FROM manifest WHERE chain_id < 0');
    if (live.length === tokens && joining.length === 0) return;
    await delay(50);
  }
}

describe('next to an index that follows the head', () => {
  it('contracts join it after reorgs, and their books are those of a fresh index', async () => {
    const databaseUrl = await freshDatabase();
    const request = scene.request(databaseUrl);
    const lines: string[] = [];
    const before = { ...request, tokens: [scene.second.address], sales: [], labels: [] };
    const first = follow({ ...before, collections: [], oracles: [] });
    await first.caughtUp();
    await scene.live();
    await first.caughtUp();
    await first.stop();

    const next = follow({ ...request, onWarning: (line) => lines.push(line) });
    await scene.live();
    await scene.chain.rpc.call('anvil_reorg', [3, []]);
    await scene.live();
    await joined(databaseUrl, 2);
    await next.caughtUp();
    await scene.chain.rpc.call('anvil_reorg', [2, []]);
    await scene.live();
    await mineBlocks(scene.chain, 6, 1);
    await next.caughtUp();
    await next.stop();
    expect(lines.join('\n')).toContain('live now');

    const { chainId } = scene.chain;
    const fresh = await scene.fresh();
    for (const url of [databaseUrl, fresh]) {
      await proveFinalBlocks(url, chainId, new AbortController().signal);
    }
    expect(await booksByAddress(databaseUrl)).toEqual(await booksByAddress(fresh));
  });
});
