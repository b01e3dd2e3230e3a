import pg from 'pg';
import { startAnvil } from '../../devnet/anvil.js';
import type { Address } from '../../src/address.js';
import type { AuditComparison, Mismatch } from '../../src/audit/questions/question.js';
import { readSales } from '../../src/store/read/sales/sales.js';
import { readTokens } from '../../src/store/read/tokens/tokens.js';
import { readContracts } from '../../src/store/registry/contracts.js';
import { compareRows } from '../support/databases/sameRows.js';
import {
  createOffering,
  type LivedBlocks,
  type LivingOffering,
  liveOffering,
  offeringConfig,
} from './bookLife.js';
import { compareAssets } from './compare.js';
import { compareCollection } from './compareCollections.js';
import {
  compareAssetBalances,
  compareDust,
  compareEscrow,
  comparePostings,
  compareTrialBalance,
} from './compareJournals.js';
import { compareModels, comparePayouts } from './compareOracles.js';
import { compareSale } from './compareSales.js';
import type { NewDatabase } from './proofServer.js';
import { indexBy, type ProofSource } from './proofSource.js';
import type { ProofOptions, RowsOfSources } from './proveExact.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const EVERY_BLOCKS = 10;
/** Owners and contents are compared at so many blocks: each costs a call for every NFT. */
const COLLECTION_BLOCKS = 3;
/** Number of blocks at which all holders of each open snapshot are compared. */
const DUST_BLOCKS = 20;

/**
 * The random life of an offering with all of its contracts: tokens, oracles, sales and
 * collections on one chain. At every 10th block it compares the books with the contracts:
 * each token's trial balance against its ETH, each model's accrual (state and account) and
 * terms against `getModel`, each participant's figures against the sale's views, each escrow
 * against what its contract has; at some blocks what all holders can claim and the dust against
 * what is left of each snapshot, and contents and owners of collections; and the postings of
 * every entry sum to zero.
 *
 * Of several sources, it compares the books of the first with the contracts, and every row of the others with them.
 */
export async function proveBooks(options: ProofOptions): Promise<AuditComparison & RowsOfSources> {
  const { ops, seed, newDatabase, say, earlierBlocks = DUST_BLOCKS } = options;
  say(`seed ${seed}, ${ops} operations`);
  const anvil = await startAnvil({
    genesisTimestamp: GENESIS_TIMESTAMP,
    historyBlocks: 3 * ops + 5000,
  });
  try {
    const offering = await createOffering(anvil, seed, true);
    const range = await liveOffering(offering, ops, say);
    const [first, ...others] = options.sources ?? [options.source];
    const databaseUrl = await indexFrom(first, offering, range, newDatabase, say);
    await options.onIndexed?.(databaseUrl);
    const compared = await withPool(databaseUrl, (pool) =>
      compareAll(pool, offering, range, earlierBlocks),
    );
    const differences: string[] = [];
    let rows = 0;
    for (const source of others) {
      const url = await indexFrom(source, offering, range, newDatabase, say);
      const same = await compareRows(url, databaseUrl);
      rows += same.rows;
      differences.push(...same.differences.map((line) => `${source}: ${line}`));
    }
    return { ...compared, rows, differences };
  } finally {
    await anvil.stop();
  }
}

/** Indexes all blocks of the life into a new database. @returns its URL */
async function indexFrom(
  source: ProofSource | undefined,
  offering: LivingOffering,
  { lastBlock }: LivedBlocks,
  newDatabase: NewDatabase,
  say: (line: string) => void,
): Promise<string> {
  const databaseUrl = await newDatabase();
  await indexBy(
    source,
    {
      chain: offeringConfig(offering),
      databaseUrl,
      toBlock: lastBlock,
      onProgress: () => undefined,
      onWarning: say,
      signal: new AbortController().signal,
    },
    newDatabase,
  );
  say(`indexed to block ${lastBlock}, blocks by ${source ?? 'itself'}`);
  return databaseUrl;
}

async function withPool<Result>(
  connectionString: string,
  use: (pool: pg.Pool) => Promise<Result>,
): Promise<Result> {
  const pool = new pg.Pool({ connectionString, max: 4 });
  // `end` does not wait for the server to notice, which may be stopped before it does.
  pool.on('error', () => undefined);
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

async function compareAll(
  pool: pg.Pool,
  offering: LivingOffering,
  { firstBlock, lastBlock }: LivedBlocks,
  earlierBlocks: number,
): Promise<AuditComparison> {
  const total: { figures: number; mismatches: Mismatch[] } = { figures: 0, mismatches: [] };
  const add = ({ figures, mismatches }: AuditComparison) => {
    total.figures += figures;
    total.mismatches.push(...mismatches);
  };
  const { chain, oracles, sales, collections, assets } = offering;
  const tokens = await readTokens(pool);
  const contracts = await readContracts(pool, chain.chainId, 'oracle');
  const records = await readSales(pool);
  const participants = sales.participants.map(({ address }) => address as Address);

  for (let block = firstBlock; block <= lastBlock; block += EVERY_BLOCKS) {
    for (const token of tokens) {
      add(await compareTrialBalance(pool, chain, token, block));
      add(await compareAssetBalances(pool, chain, token, block));
    }
    add(await compareModels(pool, oracles, contracts, block));
    for (const record of records) {
      add(await compareSale(pool, chain, record, participants, block));
      add(await compareEscrow(pool, chain, record, block));
    }
  }
  const holders = assets.holders.map(({ address }) => address as Address);
  for (const block of blocksBack(firstBlock, lastBlock, earlierBlocks)) {
    for (const token of tokens) {
      add(await compareDust(pool, chain, token, block));
      add(await compareAssets(pool, chain, token, holders, block));
    }
  }
  for (const block of blocksBack(firstBlock, lastBlock, COLLECTION_BLOCKS)) {
    for (const collection of collections.collections) {
      add(await compareCollection(pool, collections, collection, block));
    }
  }
  add(await comparePayouts(pool, oracles, lastBlock));
  add(await comparePostings(pool));
  return total;
}

/** About so many blocks at equal distances, the last one first. */
function blocksBack(firstBlock: number, lastBlock: number, count: number): number[] {
  const step = Math.max(1, Math.floor((lastBlock - firstBlock) / count));
  const blocks: number[] = [];
  for (let block = lastBlock; block > firstBlock; block -= step) blocks.push(block);
  return blocks;
}
