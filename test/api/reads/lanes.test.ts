import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { RequestRun } from '../../../src/api/limits/turns/requestRun.js';
import { DatabaseLanes } from '../../../src/api/reads/lanes.js';
import { type ApiPools, endPools, openPools } from '../../../src/api/reads/pool.js';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import { ImoError } from '../../../src/errors.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import type { Books } from '../../store/read/books.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { ask, askData, askError, startTestApi } from '../support.js';

let url: string;
let books: Books;
let pools: ApiPools;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  const limits = { connections: 3, statementSeconds: 30 };
  pools = openPools(url, pino({ level: 'silent' }), limits);
});
afterAll(async () => {
  await Promise.all([endPools(pools), books.close()]);
});

const sleep = (seconds: number) => ({ text: `SELECT pg_sleep(${seconds})`, values: [] });
/** Statements that still run, of those that contain a text. */
const running = (text: string) =>
  query(
    url,
    `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%${text}%'
    AND pid <> pg_backend_pid() AND datname = current_database()`,
  );

describe('the lanes of the database', () => {
  test('a cheap statement that takes too long runs again among the expensive ones', async () => {
    const lanes = new DatabaseLanes(pools);
    const run = new RequestRun('client');
    expect(run.lane).toBe('cheap');
    await lanes.of(run).query(sleep(0.8));
    expect(run.databaseMs).toBeGreaterThan(1_500);
  });

  test('the expensive statements of one client leave the cheap ones of others alone', async () => {
    const lanes = new DatabaseLanes(pools);
    const greedy = new RequestRun('greedy');
    greedy.cost = { values: 1, database: 100_000, points: 100_001, entries: new Map() };
    let ended = 0;
    const asked = Array.from({ length: 32 }, () =>
      lanes
        .of(greedy)
        .query(sleep(60))
        .finally(() => {
          ended += 1;
        }),
    );
    const refused = Promise.allSettled(asked);
    await lanes.of(new RequestRun('honest')).query({ text: 'SELECT 1', values: [] });
    expect(ended).toBe(0);
    greedy.stop(new ImoError('REQUEST_ABORTED', 'gone', 'x'));
    const outcomes = await refused;
    expect(outcomes.map(({ status }) => status)).toEqual(Array(32).fill('rejected'));
    await eventually(async () => expect(await running('pg_sleep(60)')).toHaveLength(0));
  });

  test('a request that is stopped cancels its statements, and others keep their connections', async () => {
    const lanes = new DatabaseLanes(pools);
    for (let round = 0; round < 5; round++) {
      const run = new RequestRun('client');
      const asked = lanes.of(run).query(sleep(61));
      await eventually(async () => expect(await running('pg_sleep(61)')).toHaveLength(1));
      run.stop(new ImoError('REQUEST_ABORTED', 'the client closed the connection', 'x'));
      await expect(asked).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
      const { rows } = await lanes
        .of(new RequestRun('other'))
        .query({ text: 'SELECT 1 AS one', values: [] });
      expect(rows).toEqual([{ one: 1 }]);
      await eventually(async () => expect(await running('pg_sleep(61)')).toHaveLength(0));
    }
  });
});

describe('a server whose expensive requests hang', () => {
  let api: RunningApi;
  const TOTALS = '{ claimTotals { count } }';

  beforeAll(async () => {
    api = await startTestApi(url, {
      serving: servingField('.').parse({ trustedProxies: ['loopback'] }),
    });
  });
  afterAll(() => api.close());

  /** Nobody reads the claims until it is released. */
  async function lockClaims(): Promise<void> {
    const client = await connectClient({ connectionString: url });
    await client.query('BEGIN; LOCK TABLE claim IN ACCESS EXCLUSIVE MODE');
    onTestFinished(() => client.end());
  }
  const waiting = () =>
    query(
      url,
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
      AND datname = current_database()`,
    );

  test('answers what is cheap, and cancels what clients have gone from', async () => {
    await askData(api, TOTALS);
    await lockClaims();
    const gone = new AbortController();
    let ended = 0;
    const asked = Array.from({ length: 32 }, () =>
      fetch(api.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' },
        body: JSON.stringify({ query: TOTALS }),
        signal: gone.signal,
      })
        .catch(() => null)
        .finally(() => {
          ended += 1;
        }),
    );
    await eventually(async () => expect((await waiting()).length).toBeGreaterThan(0));
    for (let round = 0; round < 5; round++) await askData(api, '{ status { chainId } }');
    expect(ended).toBe(0);
    gone.abort();
    await Promise.all(asked);
    await eventually(async () => expect(await waiting()).toEqual([]));
  });

  test('stops a request that takes too long', async () => {
    // No statement ends by its own limit: only the time of the request can end it.
    const limits = { requestSeconds: 1, statementSeconds: 3_600 };
    await lockClaims();
    const server = await startTestApi(url, { serving: servingField('.').parse({ limits }) });
    onTestFinished(() => server.close());
    expect(await askError(server, TOTALS)).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    await eventually(async () => expect(await waiting()).toEqual([]));
    expect((await ask(server, '{ status { chainId } }')).errors).toBeUndefined();
  });
});
