import { afterAll, expect, it } from 'vitest';
import { assertDistributed, migrateEverywhere } from '../../../src/store/distributed/newTables.js';
import { noteCluster } from '../../../src/store/read/query/cluster.js';
import { CITUS_URL } from '../../support/databases/citus.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { pretendCluster } from '../../support/databases/pretendCluster.js';

afterAll(() => noteCluster(false));

/** A cluster that does not know two tables, as after the migrations that made them. */
async function withTwoNewTables(): Promise<string> {
  const databaseUrl = await pretendCluster(await freshDatabase());
  await query(
    databaseUrl,
    `DELETE FROM pg_dist_partition WHERE logicalrelid IN ('claim'::regclass, 'rank_day'::regclass)`,
  );
  return databaseUrl;
}

it.skipIf(CITUS_URL !== null)(
  'a table of a later migration goes to the nodes of a cluster with that migration',
  async () => {
    const databaseUrl = await withTwoNewTables();
    const unfinished = { code: 'DISTRIBUTE_UNFINISHED' };
    await expect(assertDistributed(databaseUrl)).rejects.toMatchObject(unfinished);
    await migrateEverywhere(databaseUrl);
    await assertDistributed(databaseUrl);
    expect(
      await query(
        databaseUrl,
        `SELECT logicalrelid::text AS name, partmethod AS method FROM pg_dist_partition
       WHERE logicalrelid IN ('claim'::regclass, 'rank_day'::regclass) ORDER BY name`,
      ),
    ).toEqual([
      { name: 'claim', method: 'h' },
      { name: 'rank_day', method: 'n' },
    ]);
  },
);

it.skipIf(CITUS_URL !== null)(
  'a table that a cluster does not know and that has rows is refused, and stays as it is',
  async () => {
    const databaseUrl = await withTwoNewTables();
    await query(
      databaseUrl,
      `INSERT INTO rank_day (token_number, last_block, block_number, above) VALUES (1, 1, 1, '{}')`,
    );
    await expect(migrateEverywhere(databaseUrl)).rejects.toMatchObject({
      code: 'DISTRIBUTE_UNFINISHED',
      message: expect.stringContaining('but not yet rank_day'),
    });
    await expect(assertDistributed(databaseUrl)).rejects.toThrow('claim, rank_day');
  },
);
