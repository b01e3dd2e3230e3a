import pg from 'pg';
import { expect, test } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { encodeCall } from '../../../devnet/deploy.js';
import { ChainNode } from '../../../src/chain/node.js';
import { ANSWER_UPDATED } from '../../../src/chain/prices/rounds.js';
import type { SourceBlock } from '../../../src/chain/reading/source.js';
import { PriceDesk } from '../../../src/processor/prices/priceDesk.js';
import { readChainFeeds } from '../../../src/store/registry/priceFeeds.js';
import { RowBuffer } from '../../../src/store/write/rows/rowBuffer.js';
import { DOLLAR, PriceScene } from '../../support/scenes/priceScene.js';

/** A feed that is indexed up to its first round, and a source's data of the blocks after it. */
async function scene() {
  const prices = await PriceScene.start();
  const { chain, founder } = prices.scene;
  await prices.submit(2000n * DOLLAR);
  const databaseUrl = await prices.index();
  const { number: indexed } = await latestBlock(chain);
  const node = new ChainNode(chain.url);
  const db = new pg.Client(databaseUrl);
  await db.connect();
  const desk = new PriceDesk(node, await readChainFeeds(db, chain.chainId));
  await desk.open(db, indexed);
  const book = async (withLogs: (block: number) => boolean) => {
    const { number: head } = await latestBlock(chain);
    const blocks: SourceBlock[] = [];
    for (let height = indexed + 1; height <= head; height++) {
      const { hash, timestampMs: timestamp } = await node.blockHeader(height);
      const address = prices.aggregator.address.toLowerCase() as `0x${string}`;
      const logs = await node.logs(address, ANSWER_UPDATED, { from: height, to: height });
      const header = { hash, height, timestamp, parentHash: '' };
      blocks.push({ header, logs: withLogs(height) ? logs : [] } as unknown as SourceBlock);
    }
    const target = {
      chainId: chain.chainId,
      db,
      rows: new RowBuffer(),
      held: new Set<string>(),
      settle: true,
    };
    try {
      return await desk.book(blocks, target);
    } finally {
      await db.end();
      node.close();
    }
  };
  const skip = () =>
    prices.scene.inOneBlock([
      {
        from: founder,
        to: prices.aggregator.address,
        data: encodeCall(prices.aggregator, 'skip'),
      },
    ]);
  return { prices, indexed, skip, book };
}

test('a round that a source leaves out between two others is noticed before a commit', async () => {
  const { prices, indexed, book } = await scene();
  await prices.submit(2100n * DOLLAR);
  await prices.submit(2200n * DOLLAR);
  await expect(book((block) => block !== indexed + 1)).rejects.toMatchObject({
    code: 'RPC_LOGS_MISSING',
    message: expect.stringContaining('no log of round 2 of aggregator'),
  });
});

test('a missing log of the newest round is noticed too, and no error says that the feed is not an aggregator', async () => {
  const { prices, indexed, book } = await scene();
  await prices.submit(2100n * DOLLAR);
  await prices.submit(2200n * DOLLAR);
  await expect(book((block) => block === indexed + 1)).rejects.toMatchObject({
    code: 'RPC_LOGS_MISSING',
    message: expect.stringContaining('no log of round 3 of aggregator'),
  });
});

test('a round that timed out was never logged: nothing is missing', async () => {
  const { prices, skip, book } = await scene();
  await skip();
  await prices.submit(2200n * DOLLAR);
  expect(await book(() => true)).toBe(1);
});
