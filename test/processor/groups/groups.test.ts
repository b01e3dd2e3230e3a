import { beforeAll, describe, expect, it } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { dumpTables } from '../../support/databases/tables.js';
import { follow, type IndexRequest, indexTo } from '../../support/programs/indexer.js';
import { JoiningScene } from '../../support/scenes/joiningScene.js';

let scene: JoiningScene;
let head: number;

beforeAll(async () => {
  scene = await JoiningScene.start();
  await scene.live();
  await mineBlocks(scene.chain, 6, 1);
  head = await headOf();
});

const headOf = async () => Number(await scene.chain.rpc.call<string>('eth_blockNumber'));

/** The sale goes with the first token. */
function grouped(databaseUrl: string, more: Partial<IndexRequest> = {}): IndexRequest {
  const first = { name: 'first', contracts: [scene.first.address as `0x${string}`] };
  const oracle = { name: 'oracle', contracts: [scene.oracle.address as `0x${string}`] };
  return { ...scene.request(databaseUrl), more: { groups: [first, oracle] }, ...more };
}

const GROUPS = ['main', 'first', 'oracle'];

function indexGroups(databaseUrl: string, groups: readonly string[], toBlock: number) {
  return Promise.all(groups.map((group) => indexTo({ ...grouped(databaseUrl), group }, toBlock)));
}

/** All rows of the chain with their ids, and its hashes. */
async function booksOf(databaseUrl: string) {
  await proveFinalBlocks(databaseUrl, scene.chain.chainId, new AbortController().signal);
  const tables = Object.entries(await dumpTables(databaseUrl)).map(([name, rows]) => [
    name,
    // How far each group is.
    rows.filter((row) => !/^\("?-/.test(row)),
  ]);
  return { rows: Object.fromEntries(tables), books: await booksByAddress(databaseUrl) };
}

async function fresh(toBlock: number) {
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl), toBlock);
  return booksOf(databaseUrl);
}

async function shownBlock(databaseUrl: string): Promise<number | null> {
  const [row] = await query<{ height: number }>(
    databaseUrl,
    'SELECT height FROM chain_cursor WHERE chain_id > 0',
  );
  return row?.height ?? null;
}

describe('groups of contracts that processes of their own index', () => {
  it('have the rows, the ids and the ledger hash of one process', async () => {
    const databaseUrl = await freshDatabase();
    await indexGroups(databaseUrl, ['oracle', 'first', 'main'], head);
    expect(await shownBlock(databaseUrl)).toBe(head);
    const expected = await fresh(head);
    expect(expected.books.ledger_hash?.length).toBeGreaterThan(10);
    expect(await booksOf(databaseUrl)).toEqual(expected);
  });
});
