import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createAssetWorld, liveAssets } from '../../../devnet/assetLife.js';
import { latestBlock } from '../../../devnet/chain.js';
import type { Address } from '../../../src/address.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { compareAssets, compareToken } from '../../prove/compare.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { blocksWithoutRows } from '../../support/databases/tables.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

const SEED = Number(process.env.SEED ?? 7641);
const TRANSACTIONS = Number(process.env.OPS ?? 250);
const EVERY_BLOCKS = 4;

describe(`the random life of tokens that share ERC-20 assets, seed ${SEED}`, () => {
  it('is owed, asset by asset, what the contracts say', async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const world = await createAssetWorld(chain, { seed: SEED });
    const { number: firstBlock } = await latestBlock(chain);
    await liveAssets(world, TRANSACTIONS);
    const databaseUrl = await freshDatabase();
    const addresses = world.tokens.map(({ contract }) => contract.address);
    const lastBlock = await indexTo({ chain, databaseUrl, tokens: addresses });

    const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    const holders = world.holders.map(({ address }) => address as Address);
    let figures = 0;
    for (let block = lastBlock; block > firstBlock; block -= EVERY_BLOCKS) {
      for (const token of await readTokens(pool)) {
        for (const compare of [compareToken, compareAssets]) {
          const comparison = await compare(pool, chain, token, holders, block);
          expect(comparison.mismatches).toEqual([]);
          figures += comparison.figures;
        }
      }
    }
    expect(await blocksWithoutRows(databaseUrl)).toEqual([]);
    await expectHolderCounts(pool);
    await pool.end();
    expect(figures).toBeGreaterThan(10 * TRANSACTIONS);
  });
});

/** The stored numbers of holders are those of the balances, block by block, and make themselves again from them. */
async function expectHolderCounts(pool: pg.Pool): Promise<void> {
  const counts = async () => (await pool.query('SELECT * FROM holder_count ORDER BY id')).rows;
  const stored = await counts();
  const { rows: now } = await pool.query(`SELECT (
      SELECT holders FROM holder_count c WHERE c.token_number = h.token_number ORDER BY id DESC LIMIT 1
    ) AS stored, count(*) FILTER (WHERE balance > 0)::int AS holders
    FROM holder h GROUP BY token_number`);
  expect(now.map(({ stored }) => stored)).toEqual(now.map(({ holders }) => holders));
  const path = '../../../db/migrations/1765070000000-HolderCounts.js';
  const { HolderCounts1765070000000: HolderCounts } = await import(path);
  await new HolderCounts().down(pool);
  await new HolderCounts().up(pool);
  expect(await counts()).toEqual(stored);
  expect(stored.length).toBeGreaterThan(now.length);
}
