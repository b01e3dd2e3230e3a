import { beforeAll, describe, expect, test } from 'vitest';
import { openConnections } from '../../src/processor/connections.js';
import { follow, indexTo } from '../support/indexer.js';
import { type LivedToken, liveToken, payToken } from '../support/livedToken.js';
import { freshDatabase, query } from '../support/postgres.js';
import { dumpTables } from '../support/tables.js';
import { TcpProxy } from '../support/tcpProxy.js';

let lived: LivedToken;
let undisturbed: Record<string, string[]>;

beforeAll(async () => {
  lived = await liveToken();
  const databaseUrl = await freshDatabase();
  await indexTo({ ...lived, databaseUrl });
  undisturbed = await dumpTables(databaseUrl);
});

/** Session that ends, as the administrator or a fail-over ends it. */
function endSession(databaseUrl: string, which: string) {
  return query(
    databaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${which}`,
  );
}

test('a connection that breaks anywhere in a batch, in mid-COPY too, loses nothing', async () => {
  const databaseUrl = await freshDatabase();
  const proxy = await TcpProxy.start(Number(new URL(databaseUrl).port));
  const broken: number[] = [];
  // Each byte that a client sends is in some statement: these are all over the run.
  for (let bytes = 500; ; bytes = Math.ceil(bytes * 1.35)) {
    let wasCut = false;
    void proxy.cutAfterBytes(bytes).then(() => {
      wasCut = true;
    });
    const failure = await indexTo({ ...lived, databaseUrl: proxy.through(databaseUrl) }).catch(
      (error: unknown) => error,
    );
    if (!wasCut) break;
    expect(failure).toMatchObject({ code: 'DATABASE_LOST' });
    broken.push(bytes);
  }
  await proxy.stop();
  expect(broken.length).toBeGreaterThan(10);
  expect(await dumpTables(databaseUrl)).toEqual(undisturbed);
});

describe.each([
  ['53100', 'DATABASE_FULL', /the disk of the database is full/],
  ['40001', 'DATABASE_CONFLICT', /broke off a transaction/],
  ['40P01', 'DATABASE_CONFLICT', /broke off a transaction/],
])('a write that fails with SQLSTATE %s', (sqlState, code, message) => {
  test.each(['transfer', 'chain_cursor'])(
    `is told as ${code}, and goes on from the last commit: %s`,
    async (table) => {
      const databaseUrl = await freshDatabase();
      await indexTo({ ...lived, databaseUrl }, 5);
      const before = await dumpTables(databaseUrl);
      await query(
        databaseUrl,
        `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '${sqlState}'; END $$`,
      );
      await query(
        databaseUrl,
        `CREATE TRIGGER fail BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION fail()`,
      );
      await expect(indexTo({ ...lived, databaseUrl })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(await dumpTables(databaseUrl)).toEqual(before);
      await query(databaseUrl, `DROP TRIGGER fail ON ${table}`);
      await indexTo({ ...lived, databaseUrl });
      expect(await dumpTables(databaseUrl)).toEqual(undisturbed);
    },
  );
});

describe('who loses the session loses the lock of the chain', () => {
  test('and ends at once, without waiting for a block to write', async () => {
    const databaseUrl = await freshDatabase();
    const follower = follow({ ...lived, databaseUrl });
    await follower.caughtUp();
    await endSession(databaseUrl, "application_name = 'imo-ledger'");
    expect(await follower.failure()).toMatchObject({ code: 'DATABASE_LOST' });
  });

  test('so that another one may take over, and the first writes no more', async () => {
    const databaseUrl = await freshDatabase();
    const first = await openConnections(databaseUrl, 31_337);
    await endSession(databaseUrl, "query LIKE '%lock_timeout%'");
    await first.lost;
    const second = await openConnections(databaseUrl, 31_337);
    await expect(first.writer.query('SELECT 1')).rejects.toThrow('connection');
    await expect(first.apart(async () => undefined)).rejects.toMatchObject({
      code: 'DATABASE_LOST',
    });
    await second.apart(async () => undefined);
    await second.close();
    await first.close();
  });

  test('another chain has a lock of its own', async () => {
    const databaseUrl = await freshDatabase();
    const [one, other] = await Promise.all([
      openConnections(databaseUrl, 1),
      openConnections(databaseUrl, 2),
    ]);
    await Promise.all([one.close(), other.close()]);
  });
});

test('blocks that come after a fault are booked after a restart', async () => {
  const own = await liveToken(1);
  const databaseUrl = await freshDatabase();
  await indexTo({ ...own, databaseUrl });
  const proxy = await TcpProxy.start(Number(new URL(databaseUrl).port));
  const follower = follow({ ...own, databaseUrl: proxy.through(databaseUrl) });
  await follower.caughtUp();
  proxy.cut();
  expect(await follower.failure()).toMatchObject({ code: 'DATABASE_LOST' });
  await payToken(own);
  await indexTo({ ...own, databaseUrl });
  await proxy.stop();
  const fresh = await freshDatabase();
  await indexTo({ ...own, databaseUrl: fresh });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
});
