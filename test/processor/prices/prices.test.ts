import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { deployContract, encodeCall } from '../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../src/address.js';
import { hashNextBlocks } from '../../../src/store/ledgerHash/hashChain.js';
import { readEntryPrices } from '../../../src/store/read/prices/entryPrices.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { DOLLAR, deployAggregator, PriceScene, roundsIn } from '../../support/scenes/priceScene.js';

/** The hash over all that is booked in final blocks. */
async function ledgerHash(databaseUrl: string, chainId: number): Promise<unknown> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  while (await hashNextBlocks(client, chainId));
  const { rows } = await client.query('SELECT height, hash FROM hash_cursor');
  await client.end();
  return rows;
}

/** A block stays known when the rounds that were all it had are forgotten. */
async function withoutBlocks(databaseUrl: string) {
  const { block: _, ...others } = await dumpTables(databaseUrl);
  return others;
}

describe('after a reorg the rounds equal those of a fresh index', () => {
  it('when a round was on one fork only, and another in its place', async () => {
    const prices = await PriceScene.start();
    const { chain } = prices.scene;
    await prices.submit(2000n * DOLLAR);
    await mineBlocks(chain, 20, 1);
    const databaseUrl = await freshDatabase();
    const follower = follow(prices.request(databaseUrl));
    await follower.caughtUp();
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await prices.submit(9999n * DOLLAR);
    await prices.scene.pay(10n);
    await follower.caughtUp();
    const firstHead = (await latestBlock(chain)).number;
    const replaced = await dumpTables(databaseUrl);
    expect(await roundsIn(databaseUrl)).toHaveLength(2);

    await chain.rpc.call('evm_revert', [fork]);
    await prices.scene.pay(10n);
    await mineBlocks(chain, firstHead + 1 - (await latestBlock(chain)).number, 1);
    await follower.caughtUp();
    await follower.stop();
    const followed = await dumpTables(databaseUrl);
    expect(followed).toEqual(await dumpTables(await prices.index()));
    expect(followed).not.toEqual(replaced);
    expect(await roundsIn(databaseUrl)).toHaveLength(1);
  });
});

describe('a run that is cut in pieces', () => {
  it('ends with the same tables, wherever the feed begins', async () => {
    const prices = await PriceScene.start();
    const { chain } = prices.scene;
    await prices.submit(2000n * DOLLAR);
    await prices.scene.inOneBlock([
      prices.submission(1n),
      prices.payment(5n),
      prices.submission(-7n),
    ]);
    await prices.scene.pay(1n);
    await prices.submit(3000n * DOLLAR);
    const { number: head } = await latestBlock(chain);
    await mineBlocks(chain, 12, 1);
    for (const startBlock of [null, head - 2, head + 5]) {
      const feeds = [prices.feed({ startBlock })];
      const halves = await freshDatabase();
      for (const toBlock of [head - 3, head - 2, head]) {
        await indexTo(prices.request(halves, feeds), toBlock);
      }
      await indexTo(prices.request(halves, feeds));
      expect(await dumpTables(halves)).toEqual(await dumpTables(await prices.index(feeds)));
    }
  });
});

describe('a feed that starts after its deployment', () => {
  it('begins with the round that was the newest then', async () => {
    const prices = await PriceScene.start();
    await prices.submit(2000n * DOLLAR);
    const { timestamp } = await latestBlock(prices.scene.chain);
    await prices.scene.pay(1n);
    const { number: head } = await latestBlock(prices.scene.chain);
    const databaseUrl = await prices.index([prices.feed({ startBlock: head })]);
    expect(await roundsIn(databaseUrl)).toEqual([
      expect.stringMatching(new RegExp(`${head} 0 1 200000000000 ${timestamp}$`)),
    ]);
  });
});

describe('feeds are added and removed without indexing again', () => {
  it('a feed that is added later has its whole past', async () => {
    const prices = await PriceScene.start();
    await prices.scene.pay(1n);
    await prices.submit(2000n * DOLLAR);
    await prices.submit(2100n * DOLLAR);
    const databaseUrl = await freshDatabase();
    await indexTo(prices.request(databaseUrl, []));
    expect(await roundsIn(databaseUrl)).toEqual([]);
    await prices.submit(2200n * DOLLAR);
    await indexTo(prices.request(databaseUrl));
    expect(await roundsIn(databaseUrl)).toHaveLength(3);
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(await prices.index()));
  });

  it('a changed feed immediately starts at another block and goes stale sooner', async () => {
    const prices = await PriceScene.start();
    await prices.submit(2000n * DOLLAR);
    await prices.scene.pay(1n);
    await prices.submit(2100n * DOLLAR);
    const { number: startBlock } = await latestBlock(prices.scene.chain);
    const databaseUrl = await prices.index();
    const feeds = [prices.feed({ startBlock, staleAfterSeconds: 60 })];
    await prices.scene.pay(1n);
    await indexTo(prices.request(databaseUrl, feeds));
    expect(await withoutBlocks(databaseUrl)).toEqual(
      await withoutBlocks(await prices.index(feeds)),
    );
    const later = [prices.feed({ startBlock, staleAfterSeconds: 30 })];
    await prices.scene.pay(1n);
    await indexTo(prices.request(databaseUrl, later));
    expect(await query(databaseUrl, 'SELECT stale_after_seconds AS s FROM price_feed')).toEqual([
      { s: 30 },
    ]);
    expect(await withoutBlocks(databaseUrl)).toEqual(
      await withoutBlocks(await prices.index(later)),
    );
  });

  it('a node that leaves logs of a feed out is asked again', async () => {
    const prices = await PriceScene.start();
    await prices.scene.pay(1n);
    await prices.submit(2000n * DOLLAR);
    await prices.submit(2100n * DOLLAR);
    const databaseUrl = await freshDatabase();
    await indexTo(prices.request(databaseUrl, []));
    await prices.scene.pay(1n);
    const proxy = await faultyProxy(prices.scene.chain.url);
    // The first request for logs is for the feed's past.
    const fault = proxy.inject({ kind: 'lastLogMissing', method: 'eth_getLogs' });
    const said: string[] = [];
    const request = prices.request(databaseUrl);
    const chain = { ...request.chain, url: proxy.url };
    await indexTo({ ...request, chain, onWarning: (line) => said.push(line) });
    expect(fault.count).toBe(1);
    expect(said.join('\n')).toContain('the node has no log of round 2 of aggregator');
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(await prices.index()));
  });

  it('a node that leaves a log of a feed out in the middle is asked again', async () => {
    const prices = await PriceScene.start();
    await prices.submit(2000n * DOLLAR);
    await prices.scene.pay(1n);
    const { number: startBlock } = await latestBlock(prices.scene.chain);
    await prices.submit(2100n * DOLLAR);
    await prices.submit(2200n * DOLLAR);
    const databaseUrl = await freshDatabase();
    await indexTo(prices.request(databaseUrl, []));
    const proxy = await faultyProxy(prices.scene.chain.url);
    const fault = proxy.inject({ kind: 'firstLogMissing', method: 'eth_getLogs' });
    const said: string[] = [];
    const feeds = [prices.feed({ startBlock })];
    const request = prices.request(databaseUrl, feeds);
    const chain = { ...request.chain, url: proxy.url };
    await prices.scene.pay(1n);
    await indexTo({ ...request, chain, onWarning: (line) => said.push(line) });
    expect(fault.count).toBe(1);
    expect(said.join('\n')).toContain('the node has no log of round 2 of aggregator');
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(await prices.index(feeds)));
  });

  it('a round that never got an answer is not required', async () => {
    const prices = await PriceScene.start();
    const { scene, aggregator } = prices;
    await scene.pay(1n);
    await prices.submit(2000n * DOLLAR);
    const skip = {
      from: scene.founder,
      to: aggregator.address,
      data: encodeCall(aggregator, 'skip'),
    };
    await scene.inOneBlock([skip, skip]);
    await prices.submit(2100n * DOLLAR);
    const databaseUrl = await freshDatabase();
    await indexTo(prices.request(databaseUrl, []));
    await scene.pay(1n);
    await indexTo(prices.request(databaseUrl));
    const rounds = await roundsIn(databaseUrl);
    expect(rounds.map((line) => line.split(' ')[3])).toEqual(['1', '4']);
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(await prices.index()));
  });

  it('a removed feed is deleted, and the ledger hash does not change', async () => {
    const prices = await PriceScene.start();
    await prices.submit(2000n * DOLLAR);
    await prices.scene.pay(1n);
    await mineBlocks(prices.scene.chain, 12, 1);
    const databaseUrl = await prices.index();
    const { chainId } = prices.scene.chain;
    const hashed = await ledgerHash(databaseUrl, chainId);
    expect(hashed).toHaveLength(1);
    expect(hashed).toEqual(await ledgerHash(await prices.index([]), chainId));
    const said: string[] = [];
    await mineBlocks(prices.scene.chain, 1, 1);
    const without = {
      ...prices.request(databaseUrl, []),
      onWarning: (line: string) => said.push(line),
    };
    await indexTo(without);
    // The plan of the change comes first.
    expect(said).toEqual([
      expect.stringContaining('indexed to block'),
      expect.stringContaining('is removed'),
      'the price of native in USD is no longer in the config, or starts at another block now: its prices were removed',
    ]);
    expect(await roundsIn(databaseUrl)).toEqual([]);
    expect(await query(databaseUrl, 'SELECT FROM price_feed')).toEqual([]);
  });
});

describe('a proxy', () => {
  it('stands for the aggregators behind it, each from the block of its change on', async () => {
    const prices = await PriceScene.start();
    const { scene, aggregator } = prices;
    const second = await deployAggregator(scene, 6, 'ETH / USD');
    const proxy = await deployContract(scene.chain, 'PriceProxy', [aggregator.address], {
      from: scene.founder,
    });
    const feed = prices.feed({ aggregator: proxy.address as Address });
    const point = async (to: string) => {
      const data = encodeCall(proxy, 'confirmAggregator', [to]);
      await scene.inOneBlock([{ from: scene.founder, to: proxy.address, data }]);
    };
    await prices.submit(2000n * DOLLAR);
    await prices.submit(5n * 10n ** 6n, second);
    const databaseUrl = await freshDatabase();
    const said: string[] = [];
    const follower = follow({
      ...prices.request(databaseUrl, [feed]),
      onWarning: (line) => said.push(line),
    });
    await follower.caughtUp();
    await point(second.address);
    const { number: changed } = await latestBlock(scene.chain);
    await prices.submit(9000n * DOLLAR);
    await prices.submit(6n * 10n ** 6n, second);
    await follower.caughtUp();
    await follower.stop();
    expect(said.join('\n')).toContain(
      `from aggregator ${checksummed(aggregator.address as Address)}`,
    );
    expect(said.join('\n')).toContain(
      `from aggregator ${checksummed(second.address as Address)}, behind the proxy ${checksummed(proxy.address as Address)}, from block ${changed} on`,
    );

    const pool = new pg.Pool({ connectionString: databaseUrl });
    const key = {
      chainId: scene.chain.chainId,
      asset: 'native',
      currency: 'USD',
      transactionIndex: 9,
    };
    const at = (block: number) => ({ ...key, block, timestamp: new Date('2100-01-01') });
    const found = await readEntryPrices(
      pool,
      [changed - 1, changed, changed + 1, changed + 2].map(at),
    );
    await pool.end();
    expect(
      found.map((price) => price.missing ?? [price.round.answer, price.round.decimals]),
    ).toEqual([
      [2000n * DOLLAR, 8],
      [5n * 10n ** 6n, 6],
      [5n * 10n ** 6n, 6],
      [6n * 10n ** 6n, 6],
    ]);
    const fresh = await prices.index([feed]);
    const feedsOf = (url: string) =>
      query(url, 'SELECT aggregator, start_block FROM price_feed ORDER BY start_block');
    expect(await feedsOf(databaseUrl)).toEqual(await feedsOf(fresh));
  });
});

describe('a proxy that is pointed back at an aggregator', () => {
  it('has three phases, found at first and found while nobody looked', async () => {
    const prices = await PriceScene.start();
    const { scene, aggregator } = prices;
    const second = await deployAggregator(scene, 8, 'ETH / USD');
    const proxy = await deployContract(scene.chain, 'PriceProxy', [aggregator.address], {
      from: scene.founder,
    });
    const feeds = [prices.feed({ aggregator: proxy.address as Address })];
    const point = async (to: string) => {
      const data = encodeCall(proxy, 'confirmAggregator', [to]);
      await scene.inOneBlock([{ from: scene.founder, to: proxy.address, data }]);
      return (await latestBlock(scene.chain)).number;
    };
    await prices.submit(2000n * DOLLAR);
    await prices.submit(7000n * DOLLAR, second);
    const databaseUrl = await freshDatabase();
    await indexTo(prices.request(databaseUrl, feeds));
    const away = await point(second.address);
    await mineBlocks(scene.chain, 9, 1);
    const back = await point(aggregator.address);
    await mineBlocks(scene.chain, 7, 1);
    await indexTo(prices.request(databaseUrl, feeds));
    const feedsOf = async (url: string) =>
      (
        await query<{ line: string }>(
          url,
          `SELECT encode(aggregator, 'hex') || ' ' || start_block AS line FROM price_feed
           WHERE start_block >= ${away} ORDER BY start_block`,
        )
      ).map(({ line }) => `0x${line}`);
    const phases = [`${second.address} ${away}`, `${aggregator.address} ${back}`];
    expect(await feedsOf(databaseUrl)).toEqual(phases);
    expect(await feedsOf(await prices.index(feeds))).toEqual(phases);
  });
});

describe('what is not a feed', () => {
  it('is refused with the address at fault', async () => {
    const prices = await PriceScene.start();
    const { token } = prices.scene;
    const nobody: Address = `0x${'77'.repeat(20)}`;
    await expect(prices.index([prices.feed({ aggregator: nobody })])).rejects.toMatchObject({
      code: 'PRICE_NOT_A_CONTRACT',
    });
    const router = prices.scene.router.address as Address;
    await expect(prices.index([prices.feed({ aggregator: router })])).rejects.toMatchObject({
      code: 'PRICE_NOT_AN_AGGREGATOR',
    });
    await expect(prices.index([prices.feed({ asset: router })])).rejects.toMatchObject({
      code: 'PRICE_ASSET_NO_DECIMALS',
    });
    expect(token.address).not.toBe(router);
  });
});
