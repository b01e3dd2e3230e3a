import pg from 'pg';
import { buildOffering, type Offering } from '../../devnet/life.js';
import { OFFERING_MODELS } from '../../devnet/offeringModels.js';
import { TokenBook } from '../../devnet/tokenBook.js';
import type { Address } from '../../src/address.js';
import { type AuditComparison, summed } from '../../src/audit/questions/question.js';
import { DEMO_SEED, type DemoChain } from '../../src/cli/demo/chain.js';
import { writeDemoConfig } from '../../src/cli/demo/config.js';
import { writeReport } from '../../src/cli/demo/report.js';
import { listen } from '../../src/cli/serve.js';
import type { ChainConfig } from '../../src/config/types.js';
import { runIndexer } from '../../src/processor/run.js';
import { readSales } from '../../src/store/read/sales/sales.js';
import { readTokens } from '../../src/store/read/tokens/tokens.js';
import { readContracts } from '../../src/store/registry/contracts.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { compareToken } from './compare.js';
import { compareCollection } from './compareCollections.js';
import { compareTrialBalance } from './compareJournals.js';
import { compareModels } from './compareOracles.js';
import { compareSale } from './compareSales.js';

/** The chain of the demo, indexed with the config of the demo. */
export interface IndexedStory extends DemoChain {
  readonly seed: number;
  readonly genesisTimestamp: number;
  /** Percent of the making of the chain, in the order of the reports. */
  readonly told: readonly number[];
  readonly config: ChainConfig;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  /** The report of the demo, of the end of its story. */
  readonly tables: string;
}

export async function indexTheStory(): Promise<IndexedStory> {
  const genesisTimestamp = 1_750_000_000;
  const anvil = await startAnvil({ genesisTimestamp, historyBlocks: 6_000 });
  const told: number[] = [];
  const onProgress = (_: string, percent: number) => told.push(percent);
  const offering: Offering = await buildOffering(anvil, { seed: DEMO_SEED, onProgress });
  const demo = { anvil, offering };
  const { config, chain } = await writeDemoConfig(await temporaryFolder(), demo);
  const databaseUrl = await freshDatabase();
  await indexTo({ config: chain, databaseUrl }, offering.lastBlock);
  const api = await listen({ databaseUrl, config, port: 0 });
  const { tables } = await writeReport({ url: api.url, config: chain, chain: demo });
  await api.close();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const origin = { seed: DEMO_SEED, genesisTimestamp, told };
  return { ...demo, ...origin, config: chain, databaseUrl, pool, tables };
}

export function indexTo(
  { config: chain, databaseUrl }: Pick<IndexedStory, 'config' | 'databaseUrl'>,
  toBlock: number,
): Promise<void> {
  return runIndexer({
    chain,
    databaseUrl,
    toBlock,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** Tokens, models, sales and collections at the end of a block. */
export async function compareAt(
  { anvil, offering, pool }: IndexedStory,
  block: number,
): Promise<AuditComparison> {
  const { oracles, sales, collections } = offering;
  const comparisons: AuditComparison[] = [];
  for (const token of await readTokens(pool)) {
    comparisons.push(await compareTrialBalance(pool, anvil, token, block));
  }
  const contracts = await readContracts(pool, anvil.chainId, 'oracle');
  const ids = OFFERING_MODELS.map(({ modelId }) => modelId);
  comparisons.push(await compareModels(pool, oracles, contracts, block, ids));
  const accounts = sales.participants.map(({ address }) => address as Address);
  for (const record of await readSales(pool)) {
    const sale = sales.sales.find(({ contract }) => contract.address === record.address);
    if (sale === undefined) throw new Error(`sale ${record.address} is not of this story`);
    if (block < sale.contract.deploymentBlock) continue;
    comparisons.push(await compareSale(pool, anvil, record, accounts, block));
  }
  for (const collection of collections.collections) {
    comparisons.push(await compareCollection(pool, collections, collection, block));
  }
  return summed(comparisons);
}

/** What every holder of each token is owed at the end of a block. */
export async function compareHolders(
  { anvil, offering, pool }: IndexedStory,
  block: number,
): Promise<AuditComparison> {
  const addresses = offering.tokens.map(({ address }) => address);
  const book = await TokenBook.open(anvil, addresses);
  const comparisons: AuditComparison[] = [];
  for (const token of await readTokens(pool)) {
    const holders = book.everHeld(token.address) as Address[];
    comparisons.push(await compareToken(pool, anvil, token, holders, block));
  }
  return summed(comparisons);
}

/** How much of each kind the books have after a block. */
export async function countSince(
  { pool }: IndexedStory,
  block: number,
): Promise<Record<string, number>> {
  const { rows } = await pool.query<Record<string, number>>(
    `SELECT
       (SELECT count(*)::int FROM transfer WHERE block_number > $1) AS transfers,
       (SELECT count(*)::int FROM claim WHERE block_number > $1) AS claims,
       (SELECT count(*)::int FROM redemption WHERE block_number > $1) AS burns,
       (SELECT count(*)::int FROM model_payout WHERE block_number > $1) AS payouts,
       (SELECT count(*)::int FROM oracle_request WHERE block_number > $1) AS requests,
       (SELECT count(*)::int FROM oracle_result WHERE block_number > $1) AS results,
       (SELECT count(*)::int FROM model_change WHERE block_number > $1) AS changes,
       (SELECT count(*)::int FROM mint_payment WHERE block_number > $1) AS mints,
       (SELECT count(*)::int FROM sale_entry WHERE block_number > $1) AS trades,
       (SELECT count(*)::int FROM receipt WHERE block_number > $1 AND source = 'untraced')
         AS untraced`,
    [block],
  );
  return rows[0] ?? {};
}
