import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDataset } from '../../../bench/api/dataset.js';
import { apiDataset, CHAIN_ID, HEAD_BLOCK, TOKENS } from '../../../bench/api/datasetSql.js';
import { withClient } from '../../../bench/ingest/databases.js';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { LiveDemo } from '../fuzz/liveDemo.js';
import type { KnownBooks } from './queries.js';

/** A server that is attacked. */
export interface AttackTarget {
  readonly url: string;
  readonly books: KnownBooks;
  /** Whether clients have addresses: behind a named proxy. */
  readonly isForwarded: boolean;
  readonly isAlive: () => boolean;
  readonly megabytes: () => Promise<number>;
  /** Blocks that the indexer is behind its node; `null`: nothing is indexed meanwhile. */
  readonly lagBlocks: () => Promise<number | null>;
  stop(): Promise<void>;
}

/** Of V8: a small machine. */
export const HEAP_MEGABYTES = 512;

/** A server of its own over the books of so many holders, which nobody indexes. */
export async function booksTarget(
  holders: number,
  say: (line: string) => void,
): Promise<AttackTarget> {
  const database = await openDataset(apiDataset({ holders }), say);
  const script = join(PROJECT_ROOT, 'dist', 'test', 'prove', 'attack', 'serveAttacked.js');
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MEGABYTES}`, script], {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ['ignore', 'pipe', process.env.ATTACK_LOG === undefined ? 'ignore' : 'inherit'],
  });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url: String(url),
    books: await knownBooks(database.url),
    isForwarded: true,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    megabytes: () => residentMegabytes(child),
    lagBlocks: async () => null,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await database.close();
    },
  };
}

/** The demo: a small chain that lives on and is indexed by the process that serves it. */
export async function demoTarget(): Promise<AttackTarget> {
  const demo = await LiveDemo.start();
  const query = `{ tokens { nodes { chainId address holders(first: 100) { nodes { address } } } } }`;
  const response = await fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: { tokens: { nodes: DemoToken[] } } };
  const tokens = data.tokens.nodes;
  const { indexedBlock } = await demo.progress();
  return {
    url: demo.url,
    books: {
      chainId: tokens[0]?.chainId ?? 1,
      tokens: tokens.map(({ address }) => address),
      accounts: tokens.flatMap(({ holders }) => holders.nodes.map(({ address }) => address)),
      headBlock: indexedBlock,
    },
    isForwarded: false,
    isAlive: () => demo.isAlive,
    megabytes: () => demo.megabytes(),
    lagBlocks: async () => (await demo.progress()).lagBlocks,
    stop: () => demo.stop(),
  };
}

interface DemoToken {
  readonly chainId: number;
  readonly address: string;
  readonly holders: { readonly nodes: readonly { readonly address: string }[] };
}

async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

async function knownBooks(databaseUrl: string): Promise<KnownBooks> {
  const rows = await withClient(databaseUrl, async (client) => {
    const answer = await client.query<{ account: Buffer }>(
      'SELECT account FROM holder WHERE token_number = 1 LIMIT 500',
    );
    return answer.rows;
  });
  const accounts = rows.map(({ account }) => `0x${account.toString('hex')}`);
  const tokens = TOKENS.map(({ address }) => address);
  return { chainId: CHAIN_ID, tokens, accounts, headBlock: HEAD_BLOCK };
}
