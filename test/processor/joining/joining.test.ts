import { beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../devnet/random.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { freshDatabase, query, serverUrl } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { BREAKS, StatementProxy } from '../../support/databases/statementProxy.js';
import { type IndexRequest, indexTo } from '../../support/programs/indexer.js';
import { JoiningScene } from '../../support/scenes/joiningScene.js';

let scene: JoiningScene;

beforeAll(async () => {
  scene = await JoiningScene.start();
  await scene.live();
});

/** Indexes one manifest, and then another one into the same database. */
async function indexThen(
  before: Partial<IndexRequest>,
  after: Partial<IndexRequest> = {},
  onWarning: (line: string) => void = () => undefined,
): Promise<string> {
  const databaseUrl = await freshDatabase();
  const request = { ...scene.request(databaseUrl), onWarning };
  await indexTo({ ...request, ...before });
  await indexTo({ ...request, ...after });
  return databaseUrl;
}

/** All rows of live books, once every final block is hashed. */
async function booksOf(databaseUrl: string): Promise<Record<string, string[]>> {
  const { chainId } = scene.chain;
  await proveFinalBlocks(databaseUrl, chainId, new AbortController().signal);
  return booksByAddress(databaseUrl);
}

/** What is left of joining and of leaving books, but for rows that a cleaner deletes. */
async function leftOver(databaseUrl: string) {
  const rows = await query<{ count: string }>(
    databaseUrl,
    `SELECT count(*) FROM (SELECT chain_id FROM token UNION ALL SELECT chain_id FROM contract
       UNION ALL SELECT chain_id FROM chain_cursor UNION ALL SELECT chain_id FROM hot_block
       UNION ALL SELECT chain_id FROM block UNION ALL SELECT chain_id FROM manifest
       UNION ALL SELECT chain_id FROM contract_hold) AS k WHERE chain_id < 0`,
  );
  return Number(rows[0]?.count);
}

/** Statements among which one is drawn: of the first commit, and of the moment when books join. */
const POINTS = (process.env.BREAK_POINTS ?? '60-120,220-330').split(',').map((range) => {
  const [from = 0, to = from] = range.split('-').map(Number);
  return [from, to] as const;
});
const NOTHING_ELSE = { sales: [], collections: [], oracles: [], labels: [] };

describe('a manifest that changes has the books of a fresh index of the last one', () => {
  let fresh: Record<string, string[]>;

  beforeAll(async () => {
    fresh = await booksOf(await scene.fresh());
    expect(fresh.ledger_hash?.length).toBeGreaterThan(20);
  });

  const cases: Record<string, () => Partial<IndexRequest>> = {
    'a token is added': () => ({ tokens: [scene.second.address], sales: [] }),
    'a collection and a label are added': () => ({ collections: [], labels: [] }),
    'all but one token is added': () => ({ tokens: [scene.second.address], ...NOTHING_ELSE }),
  };

  it.each(Object.keys(cases))('the books are those of a fresh index when %s', async (name) => {
    const databaseUrl = await indexThen(cases[name]?.() ?? {});
    expect(await booksOf(databaseUrl)).toEqual(fresh);
    expect(await leftOver(databaseUrl)).toBe(0);
  });

  it('the books are those of a fresh index if the database fails while contracts join', async () => {
    const proxy = await StatementProxy.start(Number(new URL(serverUrl()).port));
    const random = new SeededRandom(`joining ${process.env.BREAK_SEED ?? 7641}`);
    for (const [from, to] of POINTS) {
      const databaseUrl = await freshDatabase();
      const request = scene.request(databaseUrl);
      await indexTo({ ...request, tokens: [scene.second.address], ...NOTHING_ELSE });
      proxy.breakAt(random.integer(from, to), random.pick([...BREAKS]));
      await indexTo({ ...request, databaseUrl: proxy.through(databaseUrl) });
      expect(await booksOf(databaseUrl), proxy.broken ?? 'nothing broke').toEqual(fresh);
    }
    await proxy.stop();
  });
});
