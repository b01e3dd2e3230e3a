import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { COMMIT_CHANNEL } from '../../../src/store/write/commitNotice.js';
import type { Books } from '../../store/read/books.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { loggerInto, startTestApi } from '../support.js';
import { type Subscription, subscribeWs } from './clients.js';

const QUERY = `subscription { receipts(chainId: 1) {
  asOf { block } gap { fromBlock toBlock reason }
  added { id block timestamp transactionHash transactionIndex position payer amountWei kind
    selector source sourceAddress modelId collectionPart path asset }
} }`;
/** More than a connection holds that nobody reads, and than waits for a client. */
const COMMITS = 40;

let books: Books;
let api: RunningApi;
/** Gets every commit after all other clients. */
let status: Subscription;
let block = 55;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  const live = { subscriptionsAtMost: 2, heardPollMs: 3_600_000 };
  api = await startTestApi(url, { live, logger: loggerInto([]) });
  status = subscribeWs(api, 'subscription { status { chainId } }');
  await status.next();
});
afterAll(async () => {
  await status.close();
  await api.close();
  await books.close();
});

/** As many receipts as an event carries, in a block of its own. */
async function commitMany(): Promise<void> {
  block += 1;
  const id = `0001-${String(block).padStart(10, '0')}`;
  await books.pool.query(
    `INSERT INTO receipt (id, token_number, block_number, "timestamp", transaction_hash,
       transaction_index, position, payer, amount_wei, kind, source, path)
     SELECT $1 || '-' || lpad(n::text, 6, '0'), 1, $2, now(), sha256('a'), n, n,
       substr(sha256('b'), 1, 20), n, 'call', 'unknown', '{}'
     FROM generate_series(1, 1000) AS n`,
    [id, block],
  );
  await books.commit(1, block, new Map(), 45);
  await books.pool.query(`NOTIFY ${COMMIT_CHANNEL}`);
  await status.next();
}

/** Subscribes and does not read what comes. */
async function subscribeDeaf(): Promise<Socket> {
  const socket = connect(api.port, '127.0.0.1');
  await once(socket, 'connect');
  const path = `/graphql?query=${encodeURIComponent(QUERY)}`;
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n`);
  // The first answer has come: the subscription is there.
  for (let text = ''; !text.includes('event: next'); ) {
    const [chunk] = await once(socket, 'data');
    text += String(chunk);
  }
  socket.pause();
  for (let commit = 0; commit < COMMITS; commit += 1) await commitMany();
  return socket;
}

test('a client that stops reading costs no memory, and a gap names what it missed', async () => {
  const socket = await subscribeDeaf();
  const gap = /"gap":\{"fromBlock":(\d+),"toBlock":(\d+),"reason":"SLOW_CLIENT"\},"added":\[\]/;
  let found: RegExpExecArray | null = null;
  socket.resume();
  for (let text = ''; found === null; text = text.slice(-1_000)) {
    const [chunk] = await once(socket, 'data');
    text += String(chunk);
    found = gap.exec(text);
  }
  const [, from, to] = found;
  expect(Number(from)).toBeGreaterThan(56);
  expect(Number(to)).toBeLessThanOrEqual(block);
  socket.destroy();
});

test('a client that leaves without reading makes room for another one', async () => {
  const enter = () =>
    eventually(async () => {
      const events = subscribeWs(api, QUERY);
      const { errors } = await events.next().catch((refused: unknown) => ({ errors: refused }));
      await events.close();
      expect(errors).toBeUndefined();
    });
  await enter();
  const socket = await subscribeDeaf();
  socket.destroy();
  await enter();
});
