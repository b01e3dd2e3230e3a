import { keccak256 } from 'ethers';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { getBalance } from '../../../devnet/chain.js';
import { liveCollections } from '../../../devnet/collectionLife.js';
import { createCollectionWorld } from '../../../devnet/collectionWorld.js';
import { deployWindowed } from '../../../devnet/deploy.js';
import { compareCollection } from '../../prove/compareCollections.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

const SEED = Number(process.env.SEED ?? 7007);
const OPERATIONS = Number(process.env.OPS ?? 250);

describe(`the random life of collections of every shape, seed ${SEED}`, () => {
  it('has the owners, contents and payments that the chain has', async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = ''] = await chain.rpc.call<string[]>('eth_accounts');
    const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Model',
      symbol: 'MDL',
      supply: 1000n,
      percentClaimable: 80,
      snapshotInterval: 10,
    });
    const world = await createCollectionWorld(chain, { seed: SEED, revenueToken: token.address });
    const report = await liveCollections(world, OPERATIONS);
    const databaseUrl = await freshDatabase();
    const collections = world.collections.map(({ contract }) => contract.address);
    await indexTo({ chain, databaseUrl, tokens: [token.address], collections });

    const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    const { firstBlock, lastBlock } = report;
    const middle = Math.floor((firstBlock + lastBlock) / 2);
    let figures = 0;
    for (const block of [firstBlock - 1, middle, lastBlock]) {
      for (const collection of world.collections) {
        const comparison = await compareCollection(pool, world, collection, block);
        expect(comparison.mismatches).toEqual([]);
        figures += comparison.figures;
      }
    }
    await pool.end();
    expect(figures).toBeGreaterThan(OPERATIONS);

    // Nobody else pays the token.
    const [revenue] = await query<{ sum: string }>(
      databaseUrl,
      'SELECT coalesce(sum(amount_wei), 0) AS sum FROM mint_revenue',
    );
    expect(BigInt(revenue?.sum ?? 0)).toBe(await getBalance(chain, token.address));
    // Every prompt and content is known, but what a contract has put together by itself.
    const unknown = await query<{ prompt: Buffer | null; hash: Buffer }>(
      databaseUrl,
      `SELECT p.content AS prompt, d.aigc_data_hash AS hash FROM aigc_data d
       LEFT JOIN aigc_content p
         ON p.collection_number = d.collection_number AND p.hash = d.prompt_hash
       LEFT JOIN aigc_content a
         ON a.collection_number = d.collection_number AND a.hash = d.aigc_data_hash
       WHERE p.hash IS NULL OR a.hash IS NULL`,
    );
    for (const { prompt, hash } of unknown) {
      const derived = Buffer.concat([Buffer.from('derived from '), prompt ?? Buffer.alloc(0)]);
      expect(keccak256(derived)).toBe(`0x${hash.toString('hex')}`);
    }
  });
});
