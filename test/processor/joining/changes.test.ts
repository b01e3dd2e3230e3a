import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { resolveMapping } from '../../../src/config/sales/customSale.js';
import type { SaleConfig } from '../../../src/config/sales/sales.js';
import { BOOKING_VERSION } from '../../../src/processor/bookingVersions.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { runIndexer } from '../../../src/processor/run.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { chainConfig, follow, type IndexRequest, indexTo } from '../../support/programs/indexer.js';
import { JoiningScene } from '../../support/scenes/joiningScene.js';
import { OVERFLOW_MAPPING } from '../../support/scenes/saleConfig.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

let scene: JoiningScene;
let fresh: Record<string, string[]>;

beforeAll(async () => {
  scene = await JoiningScene.start();
  fresh = await booksOf(await scene.fresh());
});

async function booksOf(databaseUrl: string): Promise<Record<string, string[]>> {
  await proveFinalBlocks(databaseUrl, scene.chain.chainId, new AbortController().signal);
  return booksByAddress(databaseUrl);
}

/** Indexes into a database, and returns what the index says. */
async function index(databaseUrl: string, more: Partial<IndexRequest> = {}): Promise<string> {
  const lines: string[] = [];
  const onWarning = (line: string) => lines.push(line);
  await indexTo({ ...scene.request(databaseUrl), onWarning, ...more });
  return lines.join('\n');
}

/** The sale, whose deposits the mapping leaves out. */
function saleWithoutDeposits(): SaleConfig {
  const [sale] = scene.request('').sales;
  if (sale === undefined) throw new Error('the scene has no sale');
  const abi: unknown = JSON.parse(scene.overflow.interface.formatJson());
  const { deposit: _, ...mapping } = OVERFLOW_MAPPING;
  return { ...sale, custom: resolveMapping(abi, mapping).sale };
}

describe('books that a change concerns are booked again', () => {
  it('if a version of the program books them in another way: from the cache', async () => {
    const node = await oddNode(scene.chain.url);
    const databaseUrl = await freshDatabase();
    const cache = { folder: await temporaryFolder(), maxBytes: 1e9 };
    const request = {
      chain: { ...scene.chain, url: node.url },
      finality: 0,
      more: { cache, source: { blocksAtLeast: 1_000_000 } },
    };
    const blocksAsked = () =>
      node.asked.filter(({ method }) => /^(trace_block|eth_getLogs)$/.test(method)).length;
    await index(databaseUrl, request);
    const first = blocksAsked();
    // What an older program has written, which did not keep the tokens.
    await query(databaseUrl, 'DELETE FROM aigc_token');
    const older = BOOKING_VERSION.collection - 1;
    await query(
      databaseUrl,
      `UPDATE manifest SET booked_by = jsonb_set(booked_by, '{collection}', '${older}')`,
    );
    const said = await index(databaseUrl, request);
    expect(said.match(/is booked again/g)).toHaveLength(1);
    expect(said).toMatch(/~ collection 0x\w+ is booked again: .*version/);
    expect(blocksAsked() - first).toBeLessThan(first / 4);
    const other = await freshDatabase();
    await index(other, { finality: 0 });
    expect(await booksOf(databaseUrl)).toEqual(await booksOf(other));
    const [manifest] = await query(databaseUrl, 'SELECT booked_by FROM manifest');
    expect(manifest).toEqual({ booked_by: { ...BOOKING_VERSION } });
  });

  it('if a mapping and a policy hint change; the rows are those of a fresh index', async () => {
    const databaseUrl = await freshDatabase();
    const { address } = scene.second;
    const tokens = chainConfig(scene.request('')).tokens;
    const hinted = tokens.map((token) =>
      token.address === address.toLowerCase() ? { ...token, policy: 'windowed' } : token,
    );
    await index(databaseUrl, { sales: [saleWithoutDeposits()], more: { tokens: hinted } });
    expect((await booksOf(databaseUrl)).sale_entry).toEqual([]);
    const said = await index(databaseUrl);
    expect(said).toMatch(/~ sale 0x\w+ is booked again: another mapping/);
    expect(await booksOf(databaseUrl)).toEqual(fresh);
    expect(fresh.sale_entry?.length).toBeGreaterThan(0);
  });
});

describe('a set of contracts that joins', () => {
  it('is given up when the config is changed back meanwhile', async () => {
    const databaseUrl = await freshDatabase();
    const without = { collections: [], oracles: [] };
    await index(databaseUrl, without);
    const before = await booksOf(databaseUrl);
    const killed = new AbortController();
    await runIndexer({
      chain: chainConfig(scene.request(databaseUrl)),
      databaseUrl,
      toBlock: (await latestBlock(scene.chain)).number,
      onProgress: () => undefined,
      onJoining: () => killed.abort(),
      signal: killed.signal,
    });
    expect(await query(databaseUrl, 'SELECT FROM manifest WHERE chain_id < 0')).toHaveLength(1);
    await index(databaseUrl, without);
    for (const table of ['manifest', 'token', 'contract', 'block', 'chain_cursor']) {
      expect(
        await query(databaseUrl, `SELECT FROM ${table} WHERE chain_id < 0`),
        table,
      ).toHaveLength(0);
    }
    expect(await booksOf(databaseUrl)).toEqual(before);
  });

  it('leaves no rows of the books that it replaces, even if no block comes', async () => {
    const databaseUrl = await freshDatabase();
    await index(databaseUrl, { sales: [saleWithoutDeposits()] });
    const follower = follow(scene.request(databaseUrl));
    const left = () =>
      query(databaseUrl, "SELECT FROM leaving_books WHERE kind <> 'gone'").then(
        ({ length }) => length,
      );
    const manifests = () =>
      query(databaseUrl, 'SELECT config::text AS text FROM manifest WHERE chain_id > 0');
    await expect
      .poll(async () => JSON.stringify(await manifests()), { timeout: 60_000 })
      .toContain('Deposit');
    await expect.poll(left, { timeout: 60_000 }).toBe(0);
    await follower.stop();
    expect(await booksOf(databaseUrl)).toEqual(fresh);
  });
});
