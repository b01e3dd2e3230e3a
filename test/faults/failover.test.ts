import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { postJson } from '../../devnet/postJson.js';
import type { RunningApi } from '../../src/api/server.js';
import { servingField } from '../../src/config/serving.js';
import { findServer } from '../../src/store/database/connect.js';
import { migrate } from '../../src/store/database/migrate.js';
import { subscribeSse } from '../api/live/clients.js';
import {
  type Answer,
  ask,
  askData,
  loggerInto,
  operatorsPage,
  startTestApi,
} from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { PostgresServer } from '../support/databases/postgresServer.js';
import { dumpTables } from '../support/databases/tables.js';
import { eventually } from '../support/eventually.js';
import { TcpProxy } from '../support/nodes/tcpProxy.js';
import { indexTo } from '../support/programs/indexer.js';
import { type LivedToken, liveToken, payToken } from '../support/scenes/livedToken.js';

const QUERY = '{ tokens { nodes { symbolOnChain } } }';

let lived: LivedToken;
let primary: PostgresServer;
let standby: PostgresServer;

beforeAll(async () => {
  lived = await liveToken(1);
  primary = await PostgresServer.create();
  await migrate(primary.url);
  await indexTo({ ...lived, databaseUrl: primary.url });
  standby = await primary.createStandby();
});
afterAll(async () => {
  await Promise.all([primary.remove(), standby.remove()]);
});

async function metricsOf(api: RunningApi): Promise<string> {
  return (await operatorsPage(api, '/metrics')).text();
}

/** Both hosts in one URL. */
function bothHosts(first: PostgresServer, second: PostgresServer): string {
  const host = ({ port }: PostgresServer) => `127.0.0.1:${port}`;
  return first.url.replace(host(first), `${host(first)},${host(second)}`);
}

/** By itself, the server would be written to. */
async function assertWritableAt(url: string): Promise<void> {
  expect(await findServer(url, { writes: true })).toBe(url);
}

function ofPrimary(url: string, server: PostgresServer): string {
  const changed = new URL(url);
  changed.port = String(server.port);
  return changed.href;
}

test('subscriptions of an API on a standby, which takes no LISTEN, look by the clock and say so', async () => {
  const lines: string[] = [];
  const live = { heardPollMs: 3_600_000, deafPollMs: 5 };
  const api = await startTestApi(standby.url, { live, logger: loggerInto(lines) });
  const events = await subscribeSse(api, 'subscription { receipts { added { amountWei } } }');
  await events.next();
  await payToken(lived);
  await indexTo({ ...lived, databaseUrl: primary.url });
  expect((await events.next()).data.receipts.added).toEqual([{ amountWei: '5' }]);
  await api.close();
  expect(lines.join()).toContain('the database takes no LISTEN');
});

test('the API continues when its server was stopped and started: 503 in between', async () => {
  const api = await startTestApi(primary.url, { logger: loggerInto([]) });
  const status = async () => (await fetch(`${api.url}?query=${encodeURIComponent(QUERY)}`)).status;
  await askData(api, QUERY);
  await primary.kill('SIGQUIT');
  const { errors } = await ask(api, QUERY);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(await status()).toBe(503);
  await primary.start();
  expect(await askData(api, QUERY)).toEqual({ tokens: { nodes: [{ symbolOnChain: 'MDL' }] } });
  expect(await status()).toBe(200);
  await api.close();
});

describe('with a replica', () => {
  const RECEIPTS = '{ status { indexed { block } } receipts { totalCount } }';
  let api: RunningApi;
  const serving = servingField('.').parse({
    limits: { minBlockSeconds: 1, replicaLagSeconds: 3_600 },
  });

  beforeAll(async () => {
    await standby.caughtUpWith(primary);
    api = await startTestApi(primary.url, {
      replicaUrls: [standby.url],
      serving,
      logger: loggerInto([]),
    });
    await eventually(async () => expect(await metricsOf(api)).toContain('replica_lag_bytes{'));
  });
  afterAll(() => api?.close());

  /** As of the block that its client has seen. */
  async function askSince(block: number, query = RECEIPTS) {
    const response = await fetch(api.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-min-block': `${lived.chain.chainId}=${block}`,
      },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, ...((await response.json()) as Answer) };
  }

  test('an answer is never older than the block that its client has seen', async () => {
    onTestFinished(() => standby.query('SELECT pg_wal_replay_resume()').then(() => undefined));
    await standby.query('SELECT pg_wal_replay_pause()');
    await payToken(lived);
    await indexTo({ ...lived, databaseUrl: primary.url });
    const old = await askData(api, RECEIPTS);
    const before = old.status[0].indexed.block;
    const seen = await askSince(before + 1);
    // The replica still has the block before: the primary answers.
    expect(seen.data).toEqual({
      status: [{ indexed: { block: before + 1 } }],
      receipts: { totalCount: old.receipts.totalCount + 1 },
    });
    expect(await askData(api, RECEIPTS)).toEqual(old);
    const asked = `{ receipts(filter: {chainId: ${lived.chain.chainId}}, at: {block: ${before + 1}}) { totalCount } }`;
    expect((await askData(api, asked)).receipts).toEqual(seen.data.receipts);

    const future = await askSince(before + 1_000);
    expect(future.errors?.[0]?.extensions.code).toBe('MIN_BLOCK_NOT_REACHED');
    expect(future.errors?.[0]?.message).toContain(
      `${before + 1000} is wanted, ${before + 1} is indexed`,
    );
    for (const path of ['/v1/search?text=MDL', '/v1/export/receipts?format=csv']) {
      const headers = { 'x-min-block': `${lived.chain.chainId}=${before + 1000}` };
      const response = await fetch(new URL(path, api.url), { headers });
      expect([path, response.status]).toEqual([path, 503]);
    }
    const extensions = { minBlock: { [lived.chain.chainId]: 'newest' } };
    const refused = (await postJson(api.url, { query: RECEIPTS, extensions })) as Answer;
    expect(refused.errors?.[0]?.extensions.code).toBe('BAD_MIN_BLOCK');

    await standby.query('SELECT pg_wal_replay_resume()');
    await standby.caughtUpWith(primary);
    expect(await askData(api, RECEIPTS)).toEqual(seen.data);
  });

  test('a replica answers no longer than its main server is known to be near', async () => {
    const wire = await TcpProxy.start(primary.port);
    const limits = { minBlockSeconds: 1, replicaLagSeconds: 1 };
    const bounded = await startTestApi(wire.through(primary.url), {
      replicaUrls: [standby.url],
      serving: servingField('.').parse({ limits }),
      logger: loggerInto([]),
    });
    onTestFinished(async () => {
      await standby.query('SELECT pg_wal_replay_resume()');
      await bounded.close();
      await wire.stop();
    });
    const { receipts } = await askData(bounded, RECEIPTS);
    await standby.query('SELECT pg_wal_replay_pause()');
    await payToken(lived);
    await indexTo({ ...lived, databaseUrl: primary.url });
    const count = receipts.totalCount + 1;
    await eventually(async () =>
      expect((await askData(bounded, RECEIPTS)).receipts.totalCount).toBe(count),
    );
    wire.refuse();
    // The replica could answer, but not as of a second ago.
    expect((await ask(bounded, RECEIPTS)).errors?.[0]?.extensions.code).toBe(
      'DATABASE_UNAVAILABLE',
    );
    await standby.query('SELECT pg_wal_replay_resume()');
    await standby.caughtUpWith(primary);
    // Now it has everything, but nobody knows that while the main server is silent.
    await eventually(async () =>
      expect((await ask(bounded, RECEIPTS)).errors?.[0]?.extensions.code).toBe(
        'DATABASE_UNAVAILABLE',
      ),
    );
    wire.accept();
    await eventually(async () =>
      expect((await askData(bounded, RECEIPTS)).receipts.totalCount).toBe(count),
    );
  });

  test('conflicts with recovery and broken connections cost a retry, and never an answer', async () => {
    await standby.query('ALTER SYSTEM SET max_standby_streaming_delay = 0');
    await standby.query('SELECT pg_reload_conf()');
    const right = await askData(api, RECEIPTS);
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) expect(await askData(api, RECEIPTS)).toEqual(right);
    });
    const cancelled = async () =>
      (
        await standby.query<{ confl_lock: number }>(
          'SELECT confl_lock FROM pg_stat_database_conflicts WHERE datname = current_database()',
        )
      )[0]?.confl_lock ?? 0;
    const before = await cancelled();
    // The replica cancels what reads a table that the primary locks.
    while ((await cancelled()) === before) {
      await primary.query('BEGIN; LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE; COMMIT');
    }
    for (let round = 0; round < 10; round++) {
      await standby.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'imo-ledger api'",
      );
    }
    isOver = true;
    await Promise.all(load);
  });
});

describe('after a fail-over', () => {
  test('the standby is refused until it is promoted, and continues with the same books', async () => {
    const standbyUrl = ofPrimary(primary.url, standby);
    const proxy = await TcpProxy.start(primary.port);
    const api = await startTestApi(bothHosts(primary, standby), { logger: loggerInto([]) });
    const replicaUrls = [standbyUrl];
    const withReplica = await startTestApi(primary.url, { replicaUrls, logger: loggerInto([]) });
    await askData(api, QUERY);
    await eventually(async () =>
      expect(await metricsOf(withReplica)).toContain('replica_lag_bytes{'),
    );

    const index = () => indexTo({ ...lived, databaseUrl: proxy.through(primary.url) });
    await payToken(lived);
    await index();
    // What the standby has when the primary goes is what there is.
    await standby.caughtUpWith(primary);
    await expect(migrate(standbyUrl)).rejects.toMatchObject({ code: 'DATABASE_STANDBY' });
    expect(await findServer(bothHosts(standby, primary), { writes: true })).toBe(primary.url);

    await primary.kill('SIGKILL');
    await askData(withReplica, QUERY);
    await withReplica.close();
    proxy.leadTo(standby.port);
    await payToken(lived);
    await expect(index()).rejects.toMatchObject({ code: 'DATABASE_STANDBY' });
    await expect(findServer(bothHosts(primary, standby), { writes: true })).rejects.toMatchObject({
      code: 'DATABASE_STANDBY',
    });

    await standby.promote();
    expect(await findServer(bothHosts(primary, standby), { writes: true })).toBe(standbyUrl);
    await index();
    await proxy.stop();
    const fresh = await freshDatabase();
    await indexTo({ ...lived, databaseUrl: fresh });
    expect(await dumpTables(standbyUrl)).toEqual(await dumpTables(fresh));

    // The API finds the other host; what was under way when the first one went may fail.
    await ask(api, QUERY);
    await askData(api, QUERY);
    await api.close();

    // The server that was lost is started as it was: it takes writes too, but its history has ended.
    await primary.start();
    await assertWritableAt(primary.url);
    expect(await findServer(bothHosts(primary, standby), { writes: true })).toBe(standbyUrl);
    expect(await findServer(bothHosts(standby, primary), { writes: true })).toBe(standbyUrl);
    await assertLeftBehind({ lost: primary, promoted: standby, promotedUrl: standbyUrl });
  });

  /** Of a server that was lost, and started again as it was, no answer is given out. */
  async function assertLeftBehind(of: {
    lost: PostgresServer;
    promoted: PostgresServer;
    promotedUrl: string;
  }) {
    const asked = '{ receipts { totalCount } }';
    const logger = loggerInto([]);
    // By its position it seems to be far ahead.
    for (let times = 0; times < 3; times++) {
      await of.lost.query('SELECT pg_logical_emit_message(false, $$lost$$, $$more$$)');
      await of.lost.query('SELECT pg_switch_wal()');
    }
    const right = await startTestApi(of.promotedUrl, { logger });
    const expected = await askData(right, asked);
    await right.close();

    const asReplica = await startTestApi(of.promotedUrl, { replicaUrls: [of.lost.url], logger });
    const asMain = await startTestApi(of.lost.url, { replicaUrls: [of.promotedUrl], logger });
    for (const api of [asReplica, asMain]) {
      await eventually(async () => expect(await metricsOf(api)).toContain('replica_lag_bytes{'));
    }
    for (let turn = 0; turn < 4; turn++) expect(await askData(asReplica, asked)).toEqual(expected);
    const refused = await ask(asMain, asked);
    expect(refused.errors?.[0]?.extensions.code).toBe('DATABASE_MOVED');
    for (const hosts of [bothHosts(of.lost, of.promoted), bothHosts(of.promoted, of.lost)]) {
      const api = await startTestApi(hosts, { logger });
      expect(await askData(api, asked)).toEqual(expected);
      await api.close();
    }
    await Promise.all([asReplica.close(), asMain.close()]);
  }
});
