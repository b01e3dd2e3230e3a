import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/store/database/migrate.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { createDatabase, dropDatabase, withClient } from '../ingest/databases.js';
import { differingHolders } from '../ingest/verify.js';
import { DEFAULT_SPEC } from '../node/spec.js';
import { type NodeProcess, startGeneratingNode } from '../node/start.js';
import { type IndexedTurn, indexTurn } from '../offering/indexTurn.js';
import { verifyBooks } from '../offering/verify.js';
import type { GrowthBenchOptions } from './options.js';

/** One chain, indexed from its start up to a size. */
export interface GrowthTurn extends IndexedTurn {
  readonly transfers: number;
  /** Of the database, without what an empty one takes. */
  readonly bytes: number;
}

const TRANSFERS_PER_CALL = 50;

/** Indexes the start of the same chain for each size, each time into a new database. @throws Error if books are wrong */
export async function measureGrowth(
  { sizes, holders, profileFolder }: GrowthBenchOptions,
  report: (line: string) => void,
): Promise<GrowthTurn[]> {
  const largest = sizes.at(-1) ?? 0;
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-growth-'));
  const server = await openEmbedded({ folder, ephemeral: true });
  const node = await startGeneratingNode({
    ...{ ...DEFAULT_SPEC, tokens: 1, holders, operations: largest },
    mix: {
      ...DEFAULT_SPEC.mix,
      transfer: 1_000,
      receipt: 0.1,
      snapshot: 0.01,
      claim: 1,
      burn: 0.1,
    },
    ...{ transfersPerCall: TRANSFERS_PER_CALL, transactionsPerBlock: 4, gap: 0 },
  });
  try {
    report(`${node.truth.transfers} transfers in ${node.lastBlock} blocks`);
    const turns: GrowthTurn[] = [];
    for (const size of sizes) {
      const to = Math.round((node.lastBlock * size) / largest);
      turns.push(await takeTurn(node, server.url, to, profileFolder));
    }
    return turns;
  } finally {
    await node.stop();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeTurn(
  node: NodeProcess,
  serverUrl: string,
  to: number,
  profileFolder: string | null,
): Promise<GrowthTurn> {
  const databaseUrl = await createDatabase(serverUrl, 'bench_growth');
  await migrate(databaseUrl);
  const empty = await sizeOf(databaseUrl);
  const turn = await indexTurn(node, {
    ...{ databaseUrl, to, profileFolder },
    ...{ latencyMs: 0, traceMs: 0, finder: 'blocks' },
  });
  const transfers = await countTransfers(databaseUrl);
  const bytes = (await sizeOf(databaseUrl)) - empty;
  if (to === node.lastBlock) await verifyBooks(databaseUrl, node.truth);
  await dropDatabase(serverUrl, databaseUrl);
  return { ...turn, transfers, bytes };
}

function sizeOf(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (db) => {
    await db.query('CHECKPOINT');
    const { rows } = await db.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    );
    return Number(rows[0]?.bytes);
  });
}

/** @throws Error if balances are not those of the checkpoints, or their sum is not the supply */
function countTransfers(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (db) => {
    const { rows } = await db.query<{ transfers: string; differing: string; is_all: boolean }>(
      `SELECT (SELECT count(*) FROM transfer) AS transfers, (${differingHolders}) AS differing,
         (SELECT sum(balance) FROM holder) = (SELECT supply FROM pool_version ORDER BY id DESC LIMIT 1) AS is_all`,
    );
    const [row] = rows;
    if (row === undefined || Number(row.differing) > 0 || !row.is_all) {
      throw new Error(`the books are wrong: ${JSON.stringify(row)}`);
    }
    return Number(row.transfers);
  });
}
