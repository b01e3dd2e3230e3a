import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { ChainNode } from '../../../src/chain/node.js';
import { ProofKeeper, proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { HASHED_TABLES } from '../../../src/store/ledgerHash/hashedTables.js';
import { writeCursor } from '../../../src/store/write/cursor.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { writeWhileFinal } from '../../../src/store/write/whileFinal.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { follow, type IndexRequest, indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { Scene } from '../../support/scenes/scene.js';

type Hashes = { block: number; hash: string }[];

/** Every hash of the chain, after all final blocks are hashed. */
async function hashesOf(databaseUrl: string): Promise<Hashes> {
  const [{ chain = 0 } = {}] = await query<{ chain: number }>(
    databaseUrl,
    'SELECT chain_id AS chain FROM chain_cursor',
  );
  await proveFinalBlocks(databaseUrl, chain, new AbortController().signal);
  return query(
    databaseUrl,
    `SELECT block_number AS block, encode(hash, 'hex') AS hash FROM ledger_hash ORDER BY id`,
  );
}

async function hashedWhole(request: Omit<IndexRequest, 'databaseUrl'>): Promise<Hashes> {
  const databaseUrl = await freshDatabase();
  await indexTo({ ...request, databaseUrl });
  return hashesOf(databaseUrl);
}

describe('two indexers that saw the same chain have the same hash in every block', () => {
  it('whole, or cut into pieces with other commits, with untraced money on the way', async () => {
    const scene = await Scene.start();
    const { chain, token, founder, friend, payer } = scene;
    await scene.call(founder, 'transfer', [friend, 400n]);
    await scene.pay(1000n);
    await chain.rpc.call('anvil_setCoinbase', [token.address]);
    const tip = { from: payer, to: friend, valueWei: 1n, gas: 21_000n, priorityFeeWei: 1n };
    const data = scene.data('transfer', [founder, 1n]);
    await scene.inOneBlock([tip, { from: friend, to: token.address, data }, tip]);
    await chain.rpc.call('anvil_setCoinbase', [`0x${'00'.repeat(20)}`]);
    await mineBlocks(chain, 3);
    await chain.rpc.call('anvil_setBalance', [token.address, '0x10000000']);
    await mineBlocks(chain, 6);
    await scene.snapshot();
    await scene.call(friend, 'claim', [1n]);
    await scene.call(friend, 'burn', [50n]);
    await mineBlocks(chain, 12);

    const request = { chain, tokens: [token.address] };
    const whole = await hashedWhole(request);
    expect(whole.length).toBeGreaterThan(7);
    const pieces = await freshDatabase();
    const head = (await latestBlock(chain)).number;
    for (let block = 2; block <= head; block++) {
      await indexTo({ ...request, databaseUrl: pieces, finality: block % 3 }, block);
      if (block % 4 === 0) await hashesOf(pieces);
    }
    expect((await hashesOf(pieces)).slice(0, whole.length)).toEqual(whole);
  });

  it('with a reorg on the way that the other one never saw, and in ERC-20 assets', async () => {
    const scene = await AssetScene.start();
    const { chain, token } = scene;
    const request = { chain, tokens: [token.address], assets: [scene.dollar.address] };
    const followed = await freshDatabase();
    const follower = follow({ ...request, databaseUrl: followed });
    await follower.caughtUp();
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await scene.payIn(scene.dollar, 55n);
    await scene.snapshot();
    await follower.caughtUp();
    await chain.rpc.call('evm_revert', [fork]);
    await scene.liveThrough();
    await follower.caughtUp();
    await mineBlocks(chain, 12, 1);
    await follower.caughtUp();
    await follower.stop();
    // Followed blocks are hashed without being asked for.
    expect(await query(followed, 'SELECT 1 AS hashed FROM hash_cursor')).toHaveLength(1);

    const hashes = await hashesOf(followed);
    expect(hashes.length).toBeGreaterThan(10);
    expect(await hashedWhole(request)).toEqual(hashes);
  });
});

describe('a reorg deeper than finality', () => {
  it('takes back the hashes and commitments of its blocks; indexed again they are the same', async () => {
    const scene = await Scene.start();
    const { chain, token, founder, friend } = scene;
    await scene.call(founder, 'transfer', [friend, 400n]);
    await scene.pay(1000n);
    await scene.snapshot();
    await mineBlocks(chain, 3);
    const { number: base } = await latestBlock(chain);
    await scene.pay(500n);
    await scene.snapshot();
    await mineBlocks(chain, 12);
    const request = { chain, tokens: [token.address] };
    const databaseUrl = await freshDatabase();
    await indexTo({ ...request, databaseUrl });
    const hashes = await hashesOf(databaseUrl);
    const commitments = 'SELECT * FROM snapshot_commitment ORDER BY id';
    const committed = await query<Record<string, unknown>>(databaseUrl, commitments);
    expect(committed.map(({ snapshot_id }) => snapshot_id)).toEqual([1, 2]);

    const header = await new ChainNode(chain.url).blockHeader(base);
    const point = { height: base, hash: header.hash, timestamp: null };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('BEGIN');
    await rollbackAbove(client, chain.chainId, [1], base);
    await writeCursor(client, chain.chainId, point, point);
    await client.query('COMMIT');
    await client.end();
    const before = hashes.filter(({ block }) => block <= base);
    expect(before.length).toBeGreaterThan(2);
    expect(await hashesOf(databaseUrl)).toEqual(before);
    expect(await query(databaseUrl, commitments)).toEqual(committed.slice(0, 1));

    await indexTo({ ...request, databaseUrl });
    expect(await hashesOf(databaseUrl)).toEqual(hashes);
    expect(await query(databaseUrl, commitments)).toEqual(committed);
  });

  it('during a computation discards its result', async () => {
    const scene = await Scene.start();
    const { chain, token } = scene;
    await mineBlocks(chain, 12);
    const databaseUrl = await freshDatabase();
    await indexTo({ chain, databaseUrl, tokens: [token.address] });
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const writes: string[] = [];
    const write = (name: string, height: number, hash: `0x${string}`) =>
      writeWhileFinal(
        client,
        chain.chainId,
        { height, newest: { number: token.deploymentBlock, hash } },
        async () => {
          writes.push(name);
        },
      );
    const header = await new ChainNode(chain.url).blockHeader(token.deploymentBlock);
    const hash = header.hash as `0x${string}`;
    expect(await write('as it is', token.deploymentBlock, hash)).toBe(true);
    expect(await write('of another fork', token.deploymentBlock, `0x${'77'.repeat(32)}`)).toBe(
      false,
    );
    expect(await write('not final any more', 1_000_000, hash)).toBe(false);
    expect(writes).toEqual(['as it is']);
    await client.end();
  });
});

describe('the keeper of proofs', () => {
  it('commits to nothing that it was stopped in the middle of', async () => {
    const scene = await Scene.start();
    const { chain, token } = scene;
    await scene.pay(1000n);
    await scene.snapshot();
    await mineBlocks(chain, 12);
    const databaseUrl = await freshDatabase();
    await indexTo({ chain, databaseUrl, tokens: [token.address] });
    await query(databaseUrl, 'DELETE FROM snapshot_commitment');
    const stopped = AbortSignal.abort();
    await proveFinalBlocks(databaseUrl, chain.chainId, stopped);
    const commitments = 'SELECT leaf_count FROM snapshot_commitment';
    expect(await query(databaseUrl, commitments)).toEqual([]);
    await proveFinalBlocks(databaseUrl, chain.chainId, new AbortController().signal);
    expect(await query(databaseUrl, commitments)).toEqual([{ leaf_count: 1 }]);
  });

  it('reports a failure, and tries again when it is woken', async () => {
    const failures: unknown[] = [];
    let told: () => void = () => undefined;
    const keeper = new ProofKeeper('postgresql://nobody@127.0.0.1:1/none', 1, (error) => {
      failures.push(error);
      told();
    });
    for (const count of [1, 2]) {
      const failure = new Promise<void>((resolve) => {
        told = resolve;
      });
      keeper.wake();
      await failure;
      expect(failures).toHaveLength(count);
    }
    await keeper.stop();
  });
});

describe('what is hashed', () => {
  let databaseUrl: string;
  beforeAll(async () => {
    databaseUrl = await freshDatabase();
  });

  it('is every column of every table of operations, but for the cause of untraced money', async () => {
    const columns = await query<{ table: string; columns: string[] }>(
      databaseUrl,
      `SELECT c.table_name AS "table", array_agg(c.column_name::text ORDER BY 1) AS columns
       FROM information_schema.columns c
       WHERE c.table_schema = 'public' AND c.table_name NOT IN ('ledger_hash', 'snapshot_commitment', 'price_round', 'holder_count')
         -- What a node can say of it differs, the money does not.
         AND (c.table_name, c.column_name) <> ('receipt', 'cause')
         AND (SELECT count(*) FROM information_schema.columns b
           WHERE b.table_name = c.table_name AND b.column_name IN ('id', 'block_number')) = 2
       GROUP BY c.table_name ORDER BY 1`,
    );
    const hashed = HASHED_TABLES.map(
      ({ name, number, times, bytes, values, lists, references }) => ({
        table: name,
        columns: [
          'id',
          number,
          'block_number',
          ...times,
          ...bytes,
          ...values,
          ...lists,
          ...references,
        ].sort(),
      }),
    );
    const sorted = columns.map(({ table, columns }) => ({ table, columns: columns.toSorted() }));
    const byName = (left: { table: string }, right: { table: string }) =>
      left.table < right.table ? -1 : 1;
    expect(hashed.toSorted(byName)).toEqual(sorted.toSorted(byName));
  });
});
