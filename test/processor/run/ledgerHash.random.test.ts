import { expect, it } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { SeededRandom } from '../../../devnet/random.js';
import type { ChainConfig } from '../../../src/config/types.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { runIndexer } from '../../../src/processor/run.js';
import { createOffering, liveOffering, offeringConfig } from '../../prove/bookLife.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';

const SEED = Number(process.env.SEED ?? 77);
const OPERATIONS = Number(process.env.OPS ?? 150);

/** Indexes up to each of the blocks in turn, and returns the part digests' chain of hashes. */
async function hashed(chain: ChainConfig, stops: readonly number[]): Promise<string[]> {
  const databaseUrl = await freshDatabase();
  const { signal } = new AbortController();
  for (const toBlock of stops) {
    await runIndexer({ chain, databaseUrl, toBlock, onProgress: () => undefined, signal });
  }
  await proveFinalBlocks(databaseUrl, chain.id, signal);
  const rows = await query<{ block: number; hash: string }>(
    databaseUrl,
    `SELECT block_number AS block, encode(hash, 'hex') AS hash FROM ledger_hash ORDER BY id`,
  );
  return rows.map(({ block, hash }) => `${block} ${hash}`);
}

function reversed(chain: ChainConfig): ChainConfig {
  const { tokens, oracles, collections, sales } = chain;
  return {
    ...chain,
    tokens: tokens.toReversed(),
    oracles: oracles.toReversed(),
    collections: collections.toReversed(),
    sales: sales.toReversed(),
  };
}

it(`a whole offering has the same hashes however it is indexed, seed ${SEED}`, async () => {
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 5000 });
  const offering = await createOffering(anvil, SEED);
  const { firstBlock, lastBlock } = await liveOffering(offering, OPERATIONS, () => undefined);
  await mineBlocks(anvil, 20);
  const head = lastBlock + 20;
  // Indexing starts after the deployment of these oracles: it reads their models from the chain.
  const all = offeringConfig(offering);
  const middle = Math.floor((firstBlock + lastBlock) / 2);
  const chain = { ...all, oracles: all.oracles.map((one) => ({ ...one, startBlock: middle })) };

  const whole = await hashed(chain, [head]);
  expect(whole.length).toBeGreaterThan(OPERATIONS / 5);
  expect(await hashed(reversed(chain), [head])).toEqual(whole);

  const random = new SeededRandom(`pieces ${SEED}`);
  const stops: number[] = [];
  for (let block = firstBlock; block < head; block += random.integer(1, 20)) stops.push(block);
  expect(await hashed({ ...chain, finalityConfirmation: 20 }, [...stops, head])).toEqual(whole);
}, 240_000);
