import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { deployWindowed } from '../../../devnet/deploy.js';
import { TABLES } from '../../../src/model/tables/index.js';
import { chainLockKey } from '../../../src/store/database/chainLock.js';
import { makeDeferredIndexes } from '../../../src/store/database/deferredIndexes.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { hashNextBlocks, readHashPoint } from '../../../src/store/ledgerHash/hashChain.js';
import { PARTITIONED_TABLES, readPartitions } from '../../../src/store/partitions/partitions.js';
import {
  type PartitionOptions,
  type PartitionProgress,
  partitionTables,
} from '../../../src/store/partitions/partitionTables.js';
import { schemaDifferences } from '../../support/databases/compareTables.js';
import { everyRow } from '../../support/databases/everyRow.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { indexTo } from '../../support/programs/indexer.js';
import { type LivedToken, liveToken, payToken } from '../../support/scenes/livedToken.js';

let lived: LivedToken;
let plain: string;
let fresh: string;
/** With data, and four numbers in a partition. */
let wide: string;

beforeAll(async () => {
  lived = await liveToken(2);
  plain = await freshDatabase();
  fresh = await freshDatabase();
  wide = await freshDatabase();
  await partition(fresh);
  for (const databaseUrl of [plain, fresh, wide]) await indexTo({ ...lived, databaseUrl });
});

function partition(url: string, options: Partial<PartitionOptions> = {}): Promise<string[]> {
  return partitionTables(url, {
    numbersEach: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWaiting: () => undefined,
    ...options,
  });
}

async function partitionsOf(url: string, table: string): Promise<string[]> {
  return withClient(url, async (client) =>
    (await readPartitions(client, table)).map(({ name }) => name),
  );
}

/** The rows of the partitioned tables. */
async function rowsOf(url: string): Promise<unknown> {
  const rows = await everyRow(url);
  return PARTITIONED_TABLES.map((table) => rows[table]);
}

/** How the tables are divided, and what depends on when the indexer ran. */
const OTHERS = new Set(['partition_layout', 'manifest', 'snapshot_proof', 'server_term']);

/** All rows but for those. */
async function books(url: string): Promise<unknown> {
  return Object.entries(await everyRow(url)).filter(([table]) => !OTHERS.has(table));
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectClient({ connectionString: url });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const layoutOf = (url: string, table: string) =>
  query(
    url,
    `SELECT source_file IS NOT NULL AS "isOpen", copied_rows AS rows FROM partition_layout
     WHERE table_name = '${table}'`,
  );

test('a chain gives the same rows in a partitioned database as in a plain one', async () => {
  expect(await partitionsOf(fresh, 'transfer')).toEqual(['transfer_p1']);
  expect(await books(fresh)).toEqual(await books(plain));
  const hash = (url: string) =>
    withClient(url, async (client) => {
      await hashNextBlocks(client, lived.chain.chainId);
      return readHashPoint(client, lived.chain.chainId);
    });
  const hashed = await hash(fresh);
  expect(hashed?.height).toBeGreaterThan(5);
  expect(hashed).toEqual(await hash(plain));
});

test('the tables are not partitioned while a chain is indexed or another session writes them', async () => {
  await withClient(plain, async (indexer) => {
    await indexer.query('SELECT pg_advisory_lock($1)', [chainLockKey(lived.chain.chainId)]);
    await expect(partition(plain)).rejects.toMatchObject({ code: 'CHAIN_LOCKED' });
  });
  expect(await partitionsOf(plain, 'transfer')).toEqual([]);
});

test('a view of somebody is named before anything is copied', async () => {
  await query(plain, 'CREATE VIEW moves AS SELECT * FROM posting');
  await expect(partition(plain)).rejects.toMatchObject({
    code: 'TABLE_HAS_VIEWS',
    message: expect.stringContaining('moves'),
  });
  await query(plain, 'DROP VIEW moves');
});

test('a run that was stopped is continued, and what was indexed in between is in it', async () => {
  const before = await books(plain);
  const stop = new AbortController();
  const onProgress = ({ table }: PartitionProgress) => table === 'claim' && stop.abort();
  await expect(partition(plain, { signal: stop.signal, onProgress })).rejects.toMatchObject({
    code: 'PARTITIONS_STOPPED',
  });
  const claims = await query(plain, 'SELECT count(*)::int AS count FROM claim');
  expect(await layoutOf(plain, 'claim')).toEqual([{ isOpen: true, rows: claims[0]?.count }]);
  expect(await partitionsOf(plain, 'receipt'), 'it came before').toEqual(['receipt_p1']);
  expect(await books(plain)).toEqual(before);

  // A claim is gone and come back: as many rows as were copied, and another one.
  await query(plain, `UPDATE claim SET amount_wei = amount_wei + 1 WHERE snapshot_id = 1`);
  const changed = await books(plain);
  expect(changed).not.toEqual(before);
  await partition(plain);
  expect(await books(plain)).toEqual(changed);
  await query(plain, `UPDATE claim SET amount_wei = amount_wei - 1 WHERE snapshot_id = 1`);
  expect(await layoutOf(plain, 'claim')).toEqual([{ isOpen: false, rows: 0 }]);
});

test('a database with data is partitioned with every row, key, index and right, and earlier readers read on', async () => {
  const before = await books(wide);
  const seen: PartitionProgress[] = [];
  await query(wide, 'CREATE ROLE partition_reader_1');
  await query(wide, 'GRANT SELECT ON transfer TO partition_reader_1');
  await withClient(wide, async (reader) => {
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const count = async () =>
      (await reader.query('SELECT count(*)::int AS count FROM posting')).rows;
    await reader.query('SELECT FROM token');
    const running = partition(wide, {
      numbersEach: 4,
      onProgress: (progress) => seen.push(progress),
    });
    await eventually(async () =>
      expect(
        await query(
          wide,
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
           AND query LIKE 'CREATE INDEX CONCURRENTLY partition_layout%'
           AND datname = current_database()`,
        ),
      ).toHaveLength(1),
    );
    expect(await count()).toEqual(await query(fresh, 'SELECT count(*)::int AS count FROM posting'));
    await reader.query('COMMIT');
    expect(await running).toHaveLength(8);
  });
  expect(await books(wide)).toEqual(before);
  expect(await partitionsOf(wide, 'holder')).toEqual(['holder_p1_4']);
  expect(seen.at(-1)).toMatchObject({ table: 'posting', done: seen.at(-1)?.total });
  expect(await schemaDifferences(wide, TABLES)).toEqual([]);
  const indexes = `SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = 'public'::regnamespace
    AND NOT t.relispartition ORDER BY 1`;
  expect(await query(wide, indexes)).toEqual(await query(await freshDatabase(), indexes));
  const [right] = await query(
    wide,
    `SELECT has_table_privilege('partition_reader_1', 'transfer', 'SELECT') AS reads`,
  );
  expect(right).toEqual({ reads: true });
  expect(await partition(wide), 'nothing is left to do').toEqual([]);

  await payToken(lived);
  for (const databaseUrl of [wide, fresh]) await indexTo({ ...lived, databaseUrl });
  expect(await rowsOf(wide)).toEqual(await rowsOf(fresh));
  expect(await books(wide)).not.toEqual(before);
});

test('a new token gets its partitions when it is first indexed', async () => {
  const next = await deployWindowed(lived.chain, 'RevShareWindowedSeconds', {
    from: lived.founder,
    name: 'Next',
    symbol: 'NXT',
    supply: 1_000n,
    percentClaimable: 80,
    snapshotInterval: 10,
  });
  const tokens = [...lived.tokens, next.address];
  for (const databaseUrl of [wide, fresh]) await indexTo({ ...lived, tokens, databaseUrl });
  expect(await partitionsOf(fresh, 'posting')).toEqual(['posting_p1', 'posting_p2']);
  expect(await partitionsOf(wide, 'posting')).toEqual(['posting_p1_4']);
  expect(await query(fresh, 'SELECT DISTINCT token_number AS n FROM transfer_p2')).toEqual([
    { n: 2 },
  ]);
  await expect(
    query(fresh, `INSERT INTO holder VALUES (3, '\\x01', 1, 0, 0)`),
    'nothing is put aside',
  ).rejects.toThrow('no partition of relation "holder" found for row');
});

test('the indexes that wait for the end of the backfill are made on each partition', async () => {
  expect(await withClient(fresh, makeDeferredIndexes)).toBe(true);
  expect(
    await query(
      fresh,
      `SELECT name FROM deferred_index LEFT JOIN pg_index ON indexrelid = to_regclass(name)
       WHERE indisvalid IS NOT TRUE`,
    ),
  ).toEqual([]);
});
