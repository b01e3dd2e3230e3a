import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { RunningApi } from '../../../src/api/server.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { RawClient } from '../../support/programs/rawHttp.js';
import { askError, loggerInto, operatorsPage, startTestApi } from '../support.js';
import { type Subscription, subscribeSse, subscribeWs } from './clients.js';

const STATUS = 'subscription { status { chainId } }';

let api: RunningApi;

beforeAll(async () => {
  const url = await freshDatabase();
  const books = await openScenario(url);
  await books.close();
  api = await startTestApi(url, { live: { subscriptionsAtMost: 2 }, logger: loggerInto([]) });
});
afterAll(() => api.close());

/** The code of the error that a subscription begins with; `null`: it begins with data. */
async function firstCode(events: Subscription): Promise<string | null> {
  const { errors } = await events.next().catch(asAnswer);
  return errors?.[0]?.extensions.code ?? null;
}

/** Over a WebSocket an operation that is refused ends with its errors. */
function asAnswer(errors: unknown) {
  return { errors: errors as { message: string; extensions: { code: string } }[] };
}

const overSse = async (query: string) => {
  const { url } = api;
  const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/event-stream' },
  });
  return /"code":"([A-Z_]+)"/.exec(await response.text())?.[1] ?? null;
};
const overWs = async (query: string) => {
  const events = subscribeWs(api, query);
  const code = await firstCode(events);
  await events.close();
  return code;
};

test.each([
  ['SSE', overSse],
  ['graphql-ws', overWs],
])(
  'a subscription that could never tell anything is refused with the reason (%s)',
  async (_, codeOf) => {
    const stranger = `0x${'57'.repeat(20)}`;
    expect(await codeOf('subscription { receipts(chainId: 77) { gap { reason } } }')).toBe(
      'UNKNOWN_CHAIN',
    );
    expect(await codeOf(`subscription { claims(token: "${stranger}") { gap { reason } } }`)).toBe(
      'UNKNOWN_TOKEN',
    );
    expect(await codeOf(`subscription { claims(asset: "${stranger}") { gap { reason } } }`)).toBe(
      'UNKNOWN_ASSET',
    );
  },
);

test('the limits of queries hold for operations over a WebSocket', async () => {
  const inner = (depth: number): string =>
    depth === 0 ? 'block' : `token { snapshots { nodes { ${inner(depth - 1)} } } }`;
  const deep = `{ receipts { nodes { ${inner(6)} } } }`;
  const { code } = await askError(api, deep);
  const inSubscription = `subscription { receipts { added { ${inner(6)} } } }`;
  expect(await overWs(deep)).toBe(code);
  expect(await overWs(inSubscription)).toBe(code);

  const long = `{ ${'status { chainId } '.repeat(2_000)} }`;
  const events = subscribeWs(api, long);
  await expect(events.next()).rejects.toMatchObject([{ message: /token limit/i }]);
  await events.close();

  const budget = '{ transfers(first: 1001) { nodes { id } } }';
  expect(await overWs(budget)).toBe((await askError(api, budget)).code);
});

test('a client that disconnects makes room for another one', async () => {
  const leaveAndEnter = async (subscribe: typeof subscribeSse | typeof subscribeWs) => {
    const all = [await subscribe(api, STATUS), await subscribe(api, STATUS)];
    for (const events of all) expect(await firstCode(events)).toBeNull();
    expect(await overWs(STATUS)).toBe('TOO_MANY_SUBSCRIPTIONS');
    expect(await overSse(STATUS)).toBe('TOO_MANY_SUBSCRIPTIONS');
    for (const events of all) await events.close();
    // The server hears of it a moment later.
    await eventually(async () => {
      const events = subscribeWs(api, STATUS);
      const code = await firstCode(events);
      await events.close();
      expect(code).toBeNull();
    });
  };
  await leaveAndEnter(subscribeSse);
  await leaveAndEnter(subscribeWs);
});

/** What a gauge of /metrics says. */
async function gauge(name: string): Promise<number> {
  const text = await (await operatorsPage(api, '/metrics')).text();
  return Number(text.split(`\n${name} `)[1]?.split('\n', 1)[0]);
}

test('/metrics counts subscriptions, without a client that left while it connected', async () => {
  expect(await gauge('imo_ledger_api_subscriptions')).toBe(0);
  const events = subscribeWs(api, STATUS);
  await events.next();
  expect(await gauge('imo_ledger_api_subscriptions')).toBe(1);
  expect(await gauge('imo_ledger_api_sockets')).toBe(1);
  await events.close();
  const path = `/graphql?query=${encodeURIComponent(STATUS)}`;
  for (let index = 0; index < 20; index += 1) {
    const client = await RawClient.connect(api);
    client.say(`GET ${path} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
    client.socket.destroy();
    const socket = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: STATUS } }));
    if (index % 2 === 0) socket.send(JSON.stringify({ id: 'a', type: 'complete' }));
    socket.terminate();
  }
  while (
    (await gauge('imo_ledger_api_subscriptions')) + (await gauge('imo_ledger_api_sockets')) >
    0
  );
});

test('a subscription without a stream is refused, and not left open', async () => {
  const one = { query: STATUS };
  for (const body of [one, [one, one]]) {
    const answer = await fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(await answer.text()).toContain('NOT_ACCEPTABLE');
  }
  for (const accept of ['application/json', 'multipart/mixed', 'nothing/such']) {
    const headers = { accept };
    const answer = await fetch(`${api.url}?query=${encodeURIComponent(STATUS)}`, { headers });
    expect([accept, answer.status]).toEqual([accept, 406]);
  }
  expect(await gauge('imo_ledger_api_subscriptions')).toBe(0);
});

test('queries over a WebSocket are measured like others', async () => {
  const before = await gauge('imo_ledger_api_query_seconds_count{operation="other"}');
  const events = subscribeWs(api, 'query OverSocket { status { chainId } }');
  await events.next();
  await events.close();
  expect(await gauge('imo_ledger_api_query_seconds_count{operation="other"}')).toBe(before + 1);
});

test('a message beyond the size of a request closes its socket, and a wrong path opens none', async () => {
  const { url } = api;
  const large = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(large, 'open');
  large.send('x'.repeat(300_000));
  const [code] = await once(large, 'close');
  expect(code).toBe(1009);

  const elsewhere = new WebSocket(url.replace('http', 'ws').replace('/graphql', '/elsewhere'));
  const [error] = await once(elsewhere, 'error');
  expect((error as Error).message).toContain('404');
});
