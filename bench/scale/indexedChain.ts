import { makeDeferredIndexes } from '../../src/store/database/deferredIndexes.js';
import { migrate } from '../../src/store/database/migrate.js';
import { partitionTables } from '../../src/store/partitions/partitionTables.js';
import { createDatabase, dropDatabase, withClient } from '../ingest/databases.js';
import type { ChainSpec } from '../node/spec.js';
import { type NodeProcess, startGeneratingNode } from '../node/start.js';
import { type IndexedTurn, indexTurn } from '../offering/indexTurn.js';

const DATABASE = 'bench_scale';

/** What the books of a chain took. */
export interface IndexedChain extends IndexedTurn {
  readonly bytes: number;
}

/**
 * Indexes a chain into a new database of the server.
 *
 * @param numbersEach tokens and assets of each partition; `null`: the tables are not partitioned
 * @param look at the books, before they are dropped
 */
export async function indexChain(
  serverUrl: string,
  node: NodeProcess,
  numbersEach: number | null,
  look: (databaseUrl: string) => Promise<void> = async () => undefined,
): Promise<IndexedChain> {
  const databaseUrl = await createDatabase(serverUrl, DATABASE);
  try {
    await migrate(databaseUrl);
    const before = await sizeOf(databaseUrl);
    if (numbersEach !== null) await partition(databaseUrl, numbersEach);
    await node.takeTraffic();
    const turn = await indexTurn(node, {
      ...{ databaseUrl, to: node.lastBlock, profileFolder: null },
      ...{ latencyMs: 0, traceMs: 0, finder: 'blocks' },
    });
    await withClient(databaseUrl, makeDeferredIndexes);
    const bytes = (await sizeOf(databaseUrl)) - before;
    await look(databaseUrl);
    return { ...turn, bytes };
  } finally {
    await dropDatabase(serverUrl, databaseUrl);
  }
}

/** Generates a chain for as long as `work` needs it. */
export async function withChain<Result>(
  spec: ChainSpec,
  work: (node: NodeProcess) => Promise<Result>,
): Promise<Result> {
  const node = await startGeneratingNode(spec);
  try {
    return await work(node);
  } finally {
    await node.stop();
  }
}

async function partition(databaseUrl: string, numbersEach: number): Promise<void> {
  const { signal } = new AbortController();
  const ignore = () => undefined;
  await partitionTables(databaseUrl, {
    numbersEach,
    signal,
    onProgress: ignore,
    onWaiting: ignore,
  });
}

async function sizeOf(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    await client.query('VACUUM (ANALYZE)');
    const { rows } = await client.query<{ bytes: string }>(
      'SELECT pg_database_size(current_database())::text AS bytes',
    );
    return Number(rows[0]?.bytes);
  });
}
