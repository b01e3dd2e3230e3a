import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { readConsistently } from '../../src/export/statement/read/consistentRead.js';
import { findServer } from '../../src/store/database/connect.js';
import { migrate } from '../../src/store/database/migrate.js';
import { asPooled } from '../../src/store/database/pooler.js';
import { COMMIT_CHANNEL } from '../../src/store/write/commitNotice.js';
import { subscribeSse } from '../api/live/clients.js';
import { askData, loggerInto, operatorsPage, startTestApi } from '../api/support.js';
import { receipt } from '../store/read/actions.js';
import type { Books } from '../store/read/books.js';
import { openScenario, PAYER, REFERENCE, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { hasPgbouncer, type Pgbouncer, startPgbouncer } from '../support/programs/pgbouncer.js';

const isThere = await hasPgbouncer();
if (!isThere) process.stderr.write('skipped: PgBouncer is missing (apt-get install pgbouncer)\n');

const AT_ONCE = 20;
const QUERY = `query ($token: Address!, $at: AtInput) {
  tokens { totalCount nodes { symbolOnChain supply } }
  holders(chainId: 1, token: $token, at: $at) { nodes { address balance } }
  receipts(where: {token: {_eq: $token}}, first: 2) { nodes { id amountWei } }
}`;

let url: string;
let books: Books;
let direct: RunningApi;

/** It refuses `options`, as PgBouncer does by default, or ignores them. */
const POOLERS = [{ ignoresOptions: false }, { ignoresOptions: true }];

describe.runIf(isThere).each(POOLERS)('behind a PgBouncer, %o', (how) => {
  let pooler: Pgbouncer;
  let api: RunningApi;
  const lines: string[] = [];

  beforeAll(async () => {
    url = await freshDatabase();
    books = await openScenario(url);
    direct = await startTestApi(url, { logger: loggerInto([]) });
    pooler = await startPgbouncer(url, how);
    const databaseUrl = await findServer(pooler.url('transaction'), { writes: false });
    const live = { heardPollMs: 3_600_000, deafPollMs: 3_600_000 };
    api = await startTestApi(databaseUrl, { listenUrl: url, live, logger: loggerInto(lines) });
  });
  afterAll(async () => {
    await api?.close();
    await direct?.close();
    await pooler?.stop();
    await books?.close();
  });

  test('requests that share two sessions of the server get the same answers as directly', async () => {
    const asked = Array.from({ length: AT_ONCE }, (_, index) => ({
      token: index % 2 === 0 ? WINDOWED : REFERENCE,
      at: index % 3 === 0 ? null : { block: 25 + (index % 20) },
    }));
    const through = await Promise.all(asked.map((each) => askData(api, QUERY, each)));
    for (const [index, each] of asked.entries()) {
      expect([each, through[index]]).toEqual([each, await askData(direct, QUERY, each)]);
    }
    expect((await operatorsPage(api, '/ready')).status).toBe(200);
  });

  test('an export is the same as directly', async () => {
    const [pooled, plain] = await Promise.all(
      [api, direct].map(async ({ url: at }) =>
        (await fetch(new URL('/v1/export/transfers?format=csv', at))).text(),
      ),
    );
    expect(pooled).toBe(plain);
    expect(pooled?.split('\n').length).toBeGreaterThan(7);
  });

  test('a statement is read as of one state of the database', async () => {
    const setting = (name: string) => `current_setting('transaction_${name}')`;
    const read = readConsistently(asPooled(pooler.url('transaction')), (db) =>
      db.query({ text: `SELECT ${setting('isolation')}, ${setting('read_only')} AS only` }),
    );
    expect((await read).rows).toEqual([{ current_setting: 'repeatable read', only: 'on' }]);
  });

  test('a subscription hears of a commit on the connection that listens', async () => {
    const events = await subscribeSse(api, 'subscription { receipts { added { amountWei } } }');
    await events.next();
    await books.commit(1, 60, new Map([[1, [receipt(PAYER, 5n)]]]));
    await query(url, `NOTIFY ${COMMIT_CHANNEL}`);
    let added: unknown[] = [];
    while (added.length === 0) added = (await events.next()).data.receipts.added;
    expect(added).toEqual([{ amountWei: '5' }]);
    await events.close();
  });

  test('sessions of the server keep no statement and no setting of a client', async () => {
    const sessions = await query<{ readonly text: string }>(
      pooler.url('transaction'),
      "SELECT (SELECT count(*) FROM pg_prepared_statements) || ' ' || current_setting('statement_timeout') || ' ' || current_setting('work_mem') AS text",
    );
    expect(sessions).toEqual([{ text: '0 0 4MB' }]);
  });

  test.each(['transaction', 'session'] as const)(
    'a command that writes is refused in %s mode',
    async (mode) => {
      const refused = findServer(pooler.url(mode), { writes: true });
      await expect(refused).rejects.toMatchObject({ code: 'DATABASE_POOLED' });
      await expect(migrate(asPooled(pooler.url(mode)))).rejects.toMatchObject({
        code: 'DATABASE_POOLED',
      });
    },
  );
});

test('a server whose statements keep failing is not ready, although it can read the heads', async () => {
  const broken = await freshDatabase();
  await (await openScenario(broken)).close();
  const api = await startTestApi(broken, { logger: loggerInto([]) });
  const ready = async () => (await operatorsPage(api, '/ready')).json();
  await query(broken, 'ALTER TABLE holder RENAME TO elsewhere');
  const failing = `{ holders(chainId: 1, token: "${WINDOWED}") { nodes { balance } } }`;
  for (let round = 0; round < 3; round++)
    await fetch(`${api.url}?query=${encodeURIComponent(failing)}`);
  expect((await ready()).reasons).toContain(
    'statements of the database keep failing: SQLSTATE 42P01',
  );
  await api.close();
});
