import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeferredIndexes } from '../../src/store/database/deferredIndexes.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import type { BenchRow } from '../benchRow.js';
import { dropDatabase, withClient } from '../ingest/databases.js';
import { type IndexedTurn, indexTurn } from '../offering/indexTurn.js';
import { verifyBooks } from '../offering/verify.js';
import { indexWide, ingestRows, type WideBooks } from './books.js';
import { WideServer } from './lists.js';
import type { WideBenchOptions, WidePart } from './options.js';
import { auditRow, exportRows, rootRow } from './programs.js';

/** Blocks of the past, a page of each in turn. */
const OLD_BLOCKS = 7;

/** Indexes few and many holders, and does with the books of the many what is wanted. @throws Error if books are wrong */
export async function measureWide(
  options: WideBenchOptions,
  report: (line: string) => void,
): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-wide-'));
  const server = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
  try {
    const few = options.isOnce ? null : await indexFew(server.url, options);
    const books = await indexWide(server.url, options.many, options);
    try {
      const { operations } = books.turn;
      const [token] = books.node.truth.tokens;
      report(`${options.many} holders, ${operations} operations, ${token?.snapshots} snapshots`);
      return [...ingestRows(books.turn, few), ...(await measureBooks(books, folder, options))];
    } finally {
      await books.node.stop();
    }
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function indexFew(serverUrl: string, options: WideBenchOptions): Promise<IndexedTurn> {
  const { node, databaseUrl, turn } = await indexWide(serverUrl, options.few, options);
  await node.stop();
  await dropDatabase(serverUrl, databaseUrl);
  return turn;
}

async function measureBooks(
  { node, databaseUrl }: WideBooks,
  folder: string,
  { parts, profileFolder }: WideBenchOptions,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const when = async (part: WidePart, measure: () => Promise<BenchRow[]>) => {
    if (parts.includes(part)) rows.push(...(await measure()));
  };
  if (parts.every((part) => part === 'ingest')) return rows;
  const api = await WideServer.start(databaseUrl, node.tokens[0] ?? '');
  try {
    // Its first reader has an open server, as anybody has who waits for a snapshot.
    const commit = await indexTurn(node, {
      ...{ databaseUrl, to: node.lastBlock, profileFolder: null },
      ...{ latencyMs: 0, traceMs: 0, finder: 'blocks' },
    });
    // What `index` does by itself at the head, where this one ends at a block.
    await withClient(databaseUrl, makeDeferredIndexes);
    await when('snapshot', async () => [snapshotRow(commit), await api.firstLeaders()]);
    await when('lists', () => api.lists(oldBlocks(node.lastBlock)));
    await verifyBooks(databaseUrl, node.truth);
    await when('export', () => exportRows(databaseUrl, folder));
    await when('root', async () => [await rootRow(databaseUrl), ...(await api.proofs(1))]);
  } finally {
    await api.stop();
  }
  await when('audit', async () => [await auditRow(databaseUrl, { folder, node, profileFolder })]);
  return rows;
}

/** The indexer starts again, and commits one block. */
function snapshotRow({ opening, ingest, peakMegabytes }: IndexedTurn): BenchRow {
  const figures = {
    seconds: opening.seconds + ingest.seconds,
    'CPU s': opening.cpuSeconds + ingest.cpuSeconds,
    'peak MB': Math.round(peakMegabytes),
  };
  return { what: 'start, and commit of a snapshot', figures, goal: null };
}

/** In the second half of the chain: by then, all holders have tokens. */
function oldBlocks(last: number): number[] {
  return Array.from({ length: OLD_BLOCKS }, (_, index) =>
    Math.floor(last - (last / 2) * ((index + 1) / (OLD_BLOCKS + 1))),
  );
}
