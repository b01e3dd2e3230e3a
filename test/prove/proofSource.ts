import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ChainConfig } from '../../src/config/types.js';
import type { IndexerOptions } from '../../src/processor/indexerOptions.js';
import { runIndexer } from '../../src/processor/run.js';
import { migrate } from '../../src/store/database/migrate.js';
import { startGatewaySimulator } from '../support/nodes/gatewaySimulator.js';
import { startPortalSimulator } from '../support/nodes/portalSimulator.js';
import type { NewDatabase } from './proofServer.js';

/** Ways to read final blocks that a proof can be run with. */
export const PROOF_SOURCES = ['portal', 'gateway', 'ranges', 'state', 'blocks', 'cache'] as const;

export type ProofSource = (typeof PROOF_SOURCES)[number];

/** Small enough that there are several in a proof. */
const CHUNK = 400;
const KEY = 'key_of_the_proof';

/** Indexes a chain whose final blocks are found in that way only, however few there are. */
export async function indexBy(
  source: ProofSource | undefined,
  options: IndexerOptions,
  newDatabase: NewDatabase,
): Promise<void> {
  const { rpcUrl } = options.chain;
  const run = (more: Partial<ChainConfig>, databaseUrl = options.databaseUrl) =>
    runIndexer({ ...options, databaseUrl, chain: { ...options.chain, ...more } });
  if (source === undefined) return run({});
  if (source === 'cache') return indexFromCache(run, newDatabase);
  const only = { source: { finders: [source], blocksAtLeast: 1 } };
  if (source === 'portal') {
    const portal = await startPortalSimulator({ rpcUrl, key: KEY, chunk: CHUNK, chunksAtOnce: 3 });
    return run({ ...only, portal: { url: portal.url, key: KEY } }).finally(portal.close);
  }
  if (source === 'gateway') {
    const gateway = await startGatewaySimulator({ rpcUrl, key: KEY, chunk: CHUNK });
    const config = { ...only, gatewayUrl: gateway.url, gatewayKey: KEY };
    return run(config).finally(gateway.close);
  }
  return run(only);
}

/** Indexes once to fill a cache, then again from it, into the database that is compared. */
async function indexFromCache(
  run: (more: Partial<ChainConfig>, databaseUrl?: string) => Promise<void>,
  newDatabase: NewDatabase,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-prove-cache-'));
  const more: Partial<ChainConfig> = {
    cache: { folder, maxBytes: 2 ** 31 },
    source: { finders: ['ranges'], blocksAtLeast: 1 },
  };
  try {
    await run(more, await newDatabase());
    await run(more);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Creates a database with our tables on a server, and returns its URL. */
export async function newProofDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}
