import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { type DeployedContract, deployOtherToken, encodeCall } from '../../../devnet/deploy.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { runIndexer } from '../../../src/processor/run.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { chainConfig, follow, indexTo } from '../../support/programs/indexer.js';
import { FactoryScene } from '../../support/scenes/factoryScene.js';

let scene: FactoryScene;
/** Named in the config from the start. */
let named: DeployedContract;
/** Created by the factory, the oldest one. */
let oldest: DeployedContract;
/** All books of an index that had the factory from the start. */
let fresh: Record<string, string[]>;

beforeAll(async () => {
  scene = await FactoryScene.start();
  const { founder, payer, chain } = scene;
  named = await scene.createToken(1);
  oldest = await scene.createToken(2, 77n);
  const plain = await deployOtherToken(chain, 'PlainToken', {
    ...{ from: founder, name: 'Plain', symbol: 'PLN', supply: 5n },
  });
  await scene.announce(plain.address);
  const collection = await scene.createCollection();
  const sale = await scene.createSale(oldest);
  await scene.send(founder, oldest, encodeCall(oldest, 'transfer', [sale.address, 500n]));
  await scene.send(payer, sale, encodeCall(sale, 'buyTokens(address)', [payer]), 30n);
  await scene.send(payer, collection, encodeCall(collection, 'mint', [payer, '0x1234']), 10n);
  await mineBlocks(chain, 12, 1);
  // Created in a block that is not final, like what an index that follows the head has read.
  for (const token of [named, oldest, await scene.createToken(3)]) await scene.pay(token, 1_000n);
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl, { tokens: [named.address] }));
  fresh = await booksOf(databaseUrl);
});

/** All rows of live books and what is known of factories, once every final block is hashed. */
async function booksOf(databaseUrl: string): Promise<Record<string, string[]>> {
  await proveFinalBlocks(databaseUrl, scene.chain.chainId, new AbortController().signal);
  const created = await query(
    databaseUrl,
    `SELECT encode(address, 'hex') AS address, block_number, start_block, refused_code
     FROM factory_contract ORDER BY 1`,
  );
  const factories = await query(databaseUrl, 'SELECT factory, start_block, chain_id FROM factory');
  return {
    ...(await booksByAddress(databaseUrl)),
    created: created.map((row) => JSON.stringify(row)),
    factories: factories.map((row) => JSON.stringify(row)).sort(),
  };
}

/** A database that was indexed without the factory. */
async function withoutFactory(): Promise<string> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [named.address] });
  return databaseUrl;
}

/** Indexes until contracts begin to join, and is killed. */
async function killedWhileJoining(databaseUrl: string): Promise<void> {
  const killed = new AbortController();
  const request = scene.request(databaseUrl, { tokens: [named.address] });
  await runIndexer({
    chain: chainConfig(request),
    databaseUrl,
    toBlock: (await latestBlock(scene.chain)).number,
    onProgress: () => undefined,
    onJoining: () => killed.abort(),
    signal: killed.signal,
  });
  expect(await query(databaseUrl, 'SELECT FROM token WHERE chain_id > 0')).toHaveLength(1);
}

describe('a factory that is added to a running index', () => {
  it('brings what it created, with the books of an index that had it from the start', async () => {
    const databaseUrl = await withoutFactory();
    await indexTo(scene.request(databaseUrl, { tokens: [named.address] }));
    expect(await booksOf(databaseUrl)).toEqual(fresh);
    expect(fresh.token).toHaveLength(3);
    expect(fresh.created?.filter((row) => row.includes('TOKEN_NO_POLICY'))).toHaveLength(1);
    expect(fresh.ledger_hash).toHaveLength(5);
  });

  it('brings also what the search has missed, and after a kill before the contracts are live', async () => {
    const databaseUrl = await withoutFactory();
    await killedWhileJoining(databaseUrl);
    await query(databaseUrl, 'DELETE FROM factory_contract WHERE address = $1', [
      Buffer.from(oldest.address.slice(2), 'hex'),
    ]);
    await indexTo(scene.request(databaseUrl, { tokens: [named.address] }));
    expect(await booksOf(databaseUrl)).toEqual(fresh);
  });

  it('leaves archived books of what it created when it is removed, and brings it again', async () => {
    const databaseUrl = await withoutFactory();
    const request = scene.request(databaseUrl, { tokens: [named.address] });
    await indexTo(request);
    await indexTo({ chain: scene.chain, databaseUrl, tokens: [named.address] });
    const archived = await query(databaseUrl, 'SELECT FROM token WHERE archived_block IS NOT NULL');
    // The books of the third token have no final block: nothing is kept of it.
    expect(archived).toHaveLength(1);
    expect(await query(databaseUrl, 'SELECT FROM factory_contract')).toEqual([]);
    await indexTo(request);
    expect(await booksOf(databaseUrl)).toEqual(fresh);
  });
});

describe('next to an index that follows the head', () => {
  it('a new factory brings what it creates while its contracts join', async () => {
    const databaseUrl = await withoutFactory();
    const request = scene.request(databaseUrl, { tokens: [named.address] });
    const follower = follow(request);
    for (let salt = 10; salt < 14; salt++) {
      await scene.pay(await scene.createToken(salt), 5n);
      await mineBlocks(scene.chain, 1, 1);
    }
    await mineBlocks(scene.chain, 12, 1);
    const count = async () =>
      (await query(databaseUrl, 'SELECT FROM token WHERE chain_id > 0')).length;
    await expect.poll(count, { timeout: 60_000 }).toBe(7);
    await follower.caughtUp();
    await follower.stop();
    const other = await freshDatabase();
    await indexTo({ ...request, databaseUrl: other });
    expect(await booksOf(databaseUrl)).toEqual(await booksOf(other));
  });

  it('a fork that takes back what joins does not stop the live index', async () => {
    const { chain } = scene;
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await mineBlocks(chain, 2, 1);
    await scene.pay(await scene.createToken(20), 5n);
    const databaseUrl = await withoutFactory();
    await killedWhileJoining(databaseUrl);
    await chain.rpc.call('evm_revert', [fork]);
    // An empty block at the same second would be the one of before.
    await chain.rpc.call('evm_increaseTime', [60]);
    await mineBlocks(chain, 1);

    const request = scene.request(databaseUrl, { tokens: [named.address] });
    const follower = follow(request);
    await follower.caughtUp();
    const expected = await freshDatabase();
    await indexTo({ ...request, databaseUrl: expected });
    const all = await query(expected, 'SELECT FROM token');
    const count = async () =>
      (await query(databaseUrl, 'SELECT FROM token WHERE chain_id > 0')).length;
    await expect.poll(count, { timeout: 60_000 }).toBe(all.length);
    await follower.caughtUp();
    await follower.stop();
    expect(await booksOf(databaseUrl)).toEqual(await booksOf(expected));
  });
});
