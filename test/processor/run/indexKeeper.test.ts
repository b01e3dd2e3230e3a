import pg from 'pg';
import { expect, it } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { IndexKeeper } from '../../../src/processor/run/indexKeeper.js';
import { makeDeferredIndexes } from '../../../src/store/database/deferredIndexes.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { revertLastMigration } from '../../../src/store/database/migrationLibrary.js';
import { TRANSFERS } from '../../../src/store/read/operations/transfers.js';
import { isAmountIndexed } from '../../../src/store/read/query/amountIndex.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const BROKEN = `SELECT FROM deferred_index JOIN pg_index ON indexrelid = to_regclass(name)
  WHERE NOT indisvalid`;

const HOLDER_INDEX = `SELECT indisvalid AS is_ready FROM pg_index
  WHERE indexrelid = to_regclass('holder_by_balance')`;
/** Holders whose balance is not that of their newest checkpoint. */
const DIFFERING_HOLDERS = `SELECT account FROM holder h FULL JOIN (
    SELECT DISTINCT ON (account) account, balance FROM balance_checkpoint
    ORDER BY account, block_number DESC, "interval" DESC
  ) newest USING (account) WHERE newest.balance IS DISTINCT FROM h.balance`;

/** Takes migrations back until that one is not there. */
async function revertTo(url: string, name: string): Promise<void> {
  const isThere = `SELECT FROM migrations WHERE name = '${name}'`;
  while ((await query(url, isThere)).length > 0) await revertLastMigration(url);
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function isReady(url: string): Promise<boolean> {
  return withClient(url, (client) => isAmountIndexed(client, TRANSFERS.amountIndex));
}

/** Asks until it is true, because another process does the work. */
function until(holds: () => Promise<boolean>): Promise<void> {
  return eventually(async () => expect(await holds()).toBe(true));
}

it('a backfill does without the indexes of transfers by amount and of holders by balance; who follows the head makes them', async () => {
  const scene = await Scene.start();
  const { chain, token, founder, friend } = scene;
  await scene.call(founder, 'transfer', [friend, 400n]);
  await mineBlocks(chain, 12);
  const databaseUrl = await freshDatabase();
  const request = { chain, tokens: [token.address], databaseUrl };
  await indexTo(request);
  expect(await isReady(databaseUrl)).toBe(false);
  expect(await query(databaseUrl, HOLDER_INDEX)).toEqual([]);
  expect(await query(databaseUrl, DIFFERING_HOLDERS)).toEqual([]);

  const warnings: string[] = [];
  const follower = follow({ ...request, onWarning: (line) => warnings.push(line) });
  await mineBlocks(chain, 1);
  await follower.caughtUp();
  await until(() => isReady(databaseUrl));
  await follower.stop();
  expect(warnings).toEqual([]);
  expect(await query(databaseUrl, HOLDER_INDEX)).toEqual([{ is_ready: true }]);
});

it('holders that are indexed already keep their index, and a database without holders gets it later', async () => {
  const url = await freshDatabase();
  await revertTo(url, 'HolderIndexes1765120000000');
  expect(await query(url, HOLDER_INDEX)).toEqual([{ is_ready: true }]);
  await query(url, "INSERT INTO holder VALUES (1, '\\x01', 1, 0, 0)");
  await migrate(url);
  expect(await query(url, HOLDER_INDEX)).toEqual([{ is_ready: true }]);

  await revertTo(url, 'HolderIndexes1765120000000');
  await query(url, 'DELETE FROM holder');
  await migrate(url);
  expect(await query(url, HOLDER_INDEX)).toEqual([]);
});

it('it is created once, without blocking readers or writers, and its migration removes it', async () => {
  const url = await freshDatabase();
  await withClient(url, async (other) => {
    await other.query('SELECT pg_advisory_lock(76412027)');
    expect(await withClient(url, makeDeferredIndexes)).toBe(false);
  });
  expect(await withClient(url, makeDeferredIndexes)).toBe(true);
  expect(await isReady(url)).toBe(true);
  expect(await withClient(url, makeDeferredIndexes)).toBe(true);
  await revertTo(url, 'ListOrders1764800000000');
  expect(await isReady(url)).toBe(false);
});

it('a stop does not wait for it, and a half-made index is created again', async () => {
  const url = await freshDatabase();
  const failures: unknown[] = [];
  const keeper = new IndexKeeper(url, (error) => failures.push(error));
  await withClient(url, async (reader) => {
    // The index must wait for transactions that may still read the older state.
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT count(*) FROM transfer');
    keeper.wake();
    await until(async () => (await query(url, BROKEN)).length > 0);
    await keeper.stop();
  });
  expect(failures).toEqual([]);
  expect(await query(url, BROKEN)).toHaveLength(1);
  keeper.wake();
  await keeper.stop();
  expect(await isReady(url), 'a stopped one makes nothing').toBe(false);

  const next = new IndexKeeper(url, (error) => failures.push(error));
  next.wake();
  await until(() => isReady(url));
  await next.stop();
  expect(failures).toEqual([]);
});

it('a failure is logged once, and not tried again with every commit', async () => {
  const failures: unknown[] = [];
  await new Promise<void>((resolve) => {
    const keeper = new IndexKeeper('postgresql://nobody@127.0.0.1:1/none', (error) => {
      failures.push(error);
      resolve();
    });
    keeper.wake();
    keeper.wake();
  });
  expect(failures).toHaveLength(1);
});
