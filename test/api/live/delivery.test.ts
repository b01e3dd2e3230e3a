import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { COMMIT_CHANNEL } from '../../../src/store/write/commitNotice.js';
import { receipt } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, PAYER } from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { loggerInto, startTestApi } from '../support.js';
import { subscribeSse, subscribeWs } from './clients.js';

const RECEIPTS = `subscription { receipts(chainId: 1) {
  asOf { block } gap { fromBlock toBlock reason } withdrawn { id } added { amountWei block asset }
} }`;
/** Never by the clock. */
const ONLY_WHEN_TOLD = { heardPollMs: 3_600_000, deafPollMs: 3_600_000 };

let url: string;
let books: Books;
let block = 55;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
});
afterAll(() => books.close());

/** One receipt in a block of its own; these books announce nothing. */
async function pay(amountWei: bigint): Promise<number> {
  block += 1;
  await books.commit(1, block, new Map([[1, [receipt(PAYER, amountWei)]]]), 45);
  return block;
}

const announce = () => query(url, `NOTIFY ${COMMIT_CHANNEL}, '{}'`);

function added(amountWei: bigint, at: number) {
  return {
    receipts: {
      asOf: { block: at },
      gap: null,
      withdrawn: [],
      added: [{ amountWei: String(amountWei), block: at, asset: null }],
    },
  };
}

async function withApi(
  options: Parameters<typeof startTestApi>[1],
  work: (api: RunningApi) => Promise<void>,
  databaseUrl = url,
): Promise<void> {
  const api = await startTestApi(databaseUrl, options);
  try {
    await work(api);
  } finally {
    await api.close();
  }
}

test('a subscription starts with the block from which on it misses nothing, then sends what follows', async () => {
  await withApi({ live: ONLY_WHEN_TOLD }, async (api) => {
    for (const subscribe of [subscribeSse, subscribeWs]) {
      const events = await subscribe(api, RECEIPTS);
      expect((await events.next()).data).toEqual({
        receipts: { asOf: { block }, gap: null, withdrawn: [], added: [] },
      });
      const at = await pay(3n);
      await announce();
      expect((await events.next()).data).toEqual(added(3n, at));
      await events.close();
    }
  });
});

test('the clock finds commits without a notification, and the log says so the third time', async () => {
  const lines: string[] = [];
  const live = { heardPollMs: 5, deafPollMs: 5 };
  await withApi({ live, logger: loggerInto(lines) }, async (api) => {
    const events = await subscribeSse(api, RECEIPTS);
    await events.next();
    for (const amount of [1n, 2n, 3n, 4n]) {
      const at = await pay(amount);
      expect((await events.next()).data).toEqual(added(amount, at));
    }
  });
  expect(lines.filter((line) => line.includes('PgBouncer'))).toHaveLength(1);
});

test('commits during a broken connection arrive when it is back', async () => {
  const proxy = await TcpProxy.start(Number(new URL(url).port));
  const lines: string[] = [];
  const options = { live: ONLY_WHEN_TOLD, logger: loggerInto(lines) };
  await withApi(
    options,
    async (api) => {
      const events = subscribeWs(api, RECEIPTS);
      await events.next();
      proxy.refuse();
      const first = await pay(11n);
      const second = await pay(12n);
      proxy.accept();
      expect((await events.next()).data.receipts).toEqual({
        ...added(11n, first).receipts,
        asOf: { block: second },
        added: [
          { amountWei: '11', block: first, asset: null },
          { amountWei: '12', block: second, asset: null },
        ],
      });
      // The new connection listens as well.
      const third = await pay(13n);
      await announce();
      expect((await events.next()).data).toEqual(added(13n, third));
      await events.close();
    },
    proxy.through(url),
  );
  expect(lines.join()).toContain('the connection was lost');
  await proxy.stop();
});

test('more than an event carries becomes a gap, which says where to read on', async () => {
  await withApi({ live: ONLY_WHEN_TOLD }, async (api) => {
    const events = subscribeWs(api, RECEIPTS);
    await events.next();
    block += 1;
    const many = Array.from({ length: 1_001 }, () => receipt(PAYER, 1n));
    await books.commit(1, block, new Map([[1, many]]), 45);
    await announce();
    expect((await events.next()).data.receipts).toEqual({
      asOf: { block },
      gap: { fromBlock: block, toBlock: block, reason: 'MANY' },
      withdrawn: [],
      added: [],
    });
    await events.close();
  });
});

test('closing the server ends every subscription cleanly', async () => {
  const api = await startTestApi(url, { live: ONLY_WHEN_TOLD });
  const overHttp = await subscribeSse(api, RECEIPTS);
  const overSocket = subscribeWs(api, RECEIPTS);
  const status = subscribeWs(api, 'subscription { status(chainId: 2) { indexed { block } } }');
  await overHttp.next();
  await overSocket.next();
  expect((await status.next()).data.status).toEqual([{ indexed: { block: 60 } }]);
  await api.close();
  await overHttp.ended();
  await overSocket.ended();
  await status.ended();
});
