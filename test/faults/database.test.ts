import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openConnections } from '../../src/processor/run/connections.js';
import { RunDatabase } from '../../src/processor/run/runDatabase.js';
import { DatabaseClient } from '../../src/store/database/postgres.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { SmallDisk } from '../support/databases/smallDisk.js';
import { dumpTables } from '../support/databases/tables.js';
import { TcpProxy } from '../support/nodes/tcpProxy.js';
import { follow, indexTo } from '../support/programs/indexer.js';
import { type LivedToken, liveToken, payToken } from '../support/scenes/livedToken.js';

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

/** What an indexer says that it tries again. */
class Warnings {
  readonly lines: string[] = [];
  private wake: () => void = () => undefined;

  readonly add = (line: string): void => {
    this.lines.push(line);
    this.wake();
  };

  async until(pattern: RegExp): Promise<void> {
    while (!this.lines.some((line) => pattern.test(line))) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

test('a connection that breaks anywhere in a batch, even during a COPY, loses nothing', async () => {
  const databaseUrl = await freshDatabase();
  const proxy = await TcpProxy.start(Number(new URL(databaseUrl).port));
  const warnings = new Warnings();
  let cuts = 0;
  // Each byte that a client sends is in some statement: these are all over the run.
  for (let bytes = 500; ; bytes = Math.ceil(bytes * 1.55)) {
    const own = await freshDatabase();
    let wasCut = false;
    void proxy.cutAfterBytes(bytes).then(() => {
      wasCut = true;
    });
    await indexTo({ ...lived, databaseUrl: proxy.through(own), onWarning: warnings.add });
    expect(await dumpTables(own)).toEqual(undisturbed);
    if (!wasCut) break;
    cuts += 1;
  }
  await proxy.stop();
  expect(cuts).toBeGreaterThan(7);
  expect(warnings.lines.join('\n')).toMatch(
    /connection to the database was lost: .*; indexing continues from the last commit/,
  );
});

describe.each([
  ['53100', /the disk of the database is full: injected/],
  ['40001', /the database cancelled a transaction because of another one: injected/],
  ['40P01', /the database cancelled a transaction because of another one: injected/],
])('a write that fails with SQLSTATE %s', (sqlState, message) => {
  test.each(['transfer', 'chain_cursor'])(
    'is reported, and repeated from the last commit: %s',
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
      const warnings = new Warnings();
      const indexing = indexTo({ ...lived, databaseUrl, onWarning: warnings.add });
      await warnings.until(message);
      expect(await dumpTables(databaseUrl)).toEqual(before);
      await query(databaseUrl, `DROP TRIGGER fail ON ${table}`);
      await indexing;
      expect(await dumpTables(databaseUrl)).toEqual(undisturbed);
    },
  );
});

// A disk of its own takes the right to mount one.
describe.runIf(SmallDisk.isPossible())('a disk that is full', () => {
  test('holds up indexing until there is room, and nothing is lost', async () => {
    const databaseUrl = await freshDatabase();
    await indexTo({ ...lived, databaseUrl }, 5);
    const before = await dumpTables(databaseUrl);
    const disk = await SmallDisk.mount(databaseUrl);
    onTestFinished(() => disk.remove());
    // It has no row yet, so no page: the first row asks the disk for one.
    await disk.moveHere('redemption');
    await disk.fill();
    const warnings = new Warnings();
    const indexing = indexTo({ ...lived, databaseUrl, onWarning: warnings.add });
    await warnings.until(/the disk of the database is full: could not extend file .*No space left/);
    expect(await dumpTables(databaseUrl)).toEqual(before);
    await disk.makeRoom();
    await indexing;
    expect(await dumpTables(databaseUrl)).toEqual(undisturbed);
  });
});

test('an error in one of our statements is not tried again', async () => {
  const databaseUrl = await freshDatabase();
  await indexTo({ ...lived, databaseUrl }, 5);
  await query(databaseUrl, 'ALTER TABLE transfer DROP COLUMN amount');
  await expect(indexTo({ ...lived, databaseUrl })).rejects.toThrow('column "amount"');
});

describe('who loses the session loses the lock of the chain', () => {
  test('a processor that loses the session notices at once, without waiting for a block to write', async () => {
    const databaseUrl = await freshDatabase();
    const warnings = new Warnings();
    const follower = follow({ ...lived, databaseUrl, onWarning: warnings.add });
    await follower.caughtUp();
    // The connection that writes; the one that reads continues, and every poll uses it.
    await endSession(databaseUrl, "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
    await warnings.until(/connection to the database was lost/);
    await follower.caughtUp();
    await follower.stop();
  });

  test('a processor that loses the lock does not write while another one has it', async () => {
    const databaseUrl = await freshDatabase();
    const proxy = await TcpProxy.start(Number(new URL(databaseUrl).port));
    const follower = follow({ ...lived, databaseUrl: proxy.through(databaseUrl) });
    await follower.caughtUp();
    proxy.refuse();
    const other = await openConnections(databaseUrl, lived.chain.chainId);
    proxy.accept();
    expect(await follower.failure()).toMatchObject({ code: 'CHAIN_LOCKED' });
    await other.close();
    await proxy.stop();
  });

  test('another processor may take over the lock, and the first one no longer writes', async () => {
    const databaseUrl = await freshDatabase();
    const first = await openConnections(databaseUrl, 31_337);
    await endSession(databaseUrl, "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
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

  test('a run to a block opens two connections: one writes, and one answers everything else', async () => {
    const databaseUrl = await freshDatabase();
    const connect = vi.spyOn(DatabaseClient.prototype, 'connect');
    onTestFinished(() => connect.mockRestore());
    await indexTo({ ...lived, databaseUrl });
    expect(connect).toHaveBeenCalledTimes(2);
  });

  test('attempts and questions leave no listeners on the connection that they share', async () => {
    const database = new RunDatabase(await freshDatabase());
    const listeners = () =>
      database.ask(async (db) => ['error', 'end'].map((name) => db.listenerCount(name)));
    const before = await listeners();
    for (let attempt = 0; attempt < 3; attempt++) {
      await database.takeBack(await database.connect(31_337));
    }
    expect(await listeners()).toEqual(before);
    await database.close();
  });

  test('a connection that ends between two attempts is replaced', async () => {
    const databaseUrl = await freshDatabase();
    const database = new RunDatabase(databaseUrl);
    const session = () =>
      database.ask(async (db) => (await db.query('SELECT pg_backend_pid()')).rows);
    const first = await session();
    expect(await session()).toEqual(first);
    const connections = await database.connect(31_337);
    const ended = new Promise((resolve) => connections.reader.once('end', resolve));
    await database.takeBack(connections);
    expect(await session()).toEqual(first);
    await endSession(databaseUrl, 'true');
    await ended;
    expect(await session()).not.toEqual(first);
    await database.close();
  });

  test('another chain has its own lock', async () => {
    const databaseUrl = await freshDatabase();
    const [one, other] = await Promise.all([
      openConnections(databaseUrl, 1),
      openConnections(databaseUrl, 2),
    ]);
    await Promise.all([one.close(), other.close()]);
  });
});

test('blocks that come while the database is away are booked when it is back', async () => {
  const own = await liveToken(1);
  const databaseUrl = await freshDatabase();
  const proxy = await TcpProxy.start(Number(new URL(databaseUrl).port));
  const warnings = new Warnings();
  const request = { ...own, databaseUrl: proxy.through(databaseUrl), onWarning: warnings.add };
  const follower = follow(request);
  await follower.caughtUp();
  proxy.refuse();
  await payToken(own);
  await warnings.until(/continues from the last commit in 0.5 s/);
  proxy.accept();
  await follower.caughtUp();
  await follower.stop();
  await proxy.stop();
  const fresh = await freshDatabase();
  await indexTo({ ...own, databaseUrl: fresh });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
});
