import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findServer } from '../../src/store/database/connect.js';
import { migrate } from '../../src/store/database/migrate.js';
import { subscribeSse } from '../api/live/clients.js';
import { ask, askData, loggerInto, startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { PostgresServer } from '../support/databases/postgresServer.js';
import { dumpTables } from '../support/databases/tables.js';
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

/** Both hosts in one URL. */
function bothHosts(first: PostgresServer, second: PostgresServer): string {
  const host = ({ port }: PostgresServer) => `127.0.0.1:${port}`;
  return first.url.replace(host(first), `${host(first)},${host(second)}`);
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

describe('after a fail-over', () => {
  test('the standby is refused until it is promoted, and continues with the same books', async () => {
    const standbyUrl = ofPrimary(primary.url, standby);
    const proxy = await TcpProxy.start(primary.port);
    const api = await startTestApi(bothHosts(primary, standby), { logger: loggerInto([]) });
    await askData(api, QUERY);

    const index = () => indexTo({ ...lived, databaseUrl: proxy.through(primary.url) });
    await payToken(lived);
    await index();
    // What the standby has when the primary goes is what there is.
    await standby.caughtUpWith(primary);
    await expect(migrate(standbyUrl)).rejects.toMatchObject({ code: 'DATABASE_STANDBY' });
    expect(await findServer(bothHosts(standby, primary), { writes: true })).toBe(primary.url);

    await primary.kill('SIGKILL');
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
  });
});
