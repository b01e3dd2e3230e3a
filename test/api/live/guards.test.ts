import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { RunningApi } from '../../../src/api/server.js';
import { SERVING_DEFAULTS, type ServingConfig, servingField } from '../../../src/config/serving.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { loggerInto, startTestApi } from '../support.js';
import { subscribeWs } from './clients.js';

const LISTED = 'subscription { status { chainId } }';
const UNLISTED = 'subscription { status { indexedBlock } }';

let databaseUrl: string;
let api: RunningApi;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  await (await openScenario(databaseUrl)).close();
});
afterEach(() => api.close());

async function start(serving: Partial<ServingConfig>): Promise<void> {
  const logger = loggerInto([]);
  api = await startTestApi(databaseUrl, { serving: { ...SERVING_DEFAULTS, ...serving }, logger });
}

test('a server that is locked down answers the operations of its list only, over WebSockets too', async () => {
  const file = join(await temporaryFolder(), 'queries.json');
  await writeFile(file, JSON.stringify({ some: LISTED }));
  await start({ persistedQueries: { file, only: true } });
  const listed = subscribeWs(api, LISTED);
  expect((await listed.next()).data.status[0].chainId).toBe(1);
  await listed.close();
  const other = subscribeWs(api, UNLISTED);
  await expect(other.next()).rejects.toMatchObject([
    { extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } },
  ]);
  await other.close();
});

test('sockets and their operations count towards the limit of a client', async () => {
  await start({
    rateLimit: { requests: 2, cost: 1_000_000, perSeconds: 600 },
    trustedProxies: ['loopback'],
  });
  const open = (client: string) =>
    new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: { 'x-forwarded-for': client },
    });
  const refused = async (socket: WebSocket) => {
    const [, response] = await once(socket, 'unexpected-response');
    return response.statusCode;
  };
  const sockets = [open('203.0.113.5'), open('203.0.113.5')];
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  expect(await refused(open('203.0.113.5'))).toBe(429);

  const other = open('203.0.113.6');
  await once(other, 'open');
  const say = async (message: object) => {
    other.send(JSON.stringify(message));
    const [answer] = await once(other, 'message');
    return JSON.parse(String(answer));
  };
  await say({ type: 'connection_init' });
  const ask = (id: string) => say({ id, type: 'subscribe', payload: { query: LISTED } });
  expect(await ask('1')).toMatchObject({ id: '1', type: 'next' });
  expect(await ask('2')).toMatchObject({
    id: '2',
    type: 'error',
    payload: [{ extensions: { code: 'RATE_LIMITED' } }],
  });
  for (const socket of [...sockets, other]) socket.terminate();
});

test('how much may be followed is what imo.yaml says', async () => {
  const limits = { subscriptions: 2, sockets: 2, socketOperations: 1 };
  await start(servingField('.').parse({ limits }));
  const open = async () => {
    const socket = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    return socket;
  };
  const ask = async (socket: WebSocket, id: string) => {
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: LISTED } }));
    for (;;) {
      const message = JSON.parse(String((await once(socket, 'message'))[0]));
      if (message.id === id) return message.payload.errors ?? message.payload;
    }
  };
  const [one, other] = [await open(), await open()];
  expect(await ask(one, 'a')).toHaveProperty('data');
  expect(await ask(one, 'b')).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }]);
  expect(await ask(other, 'c')).toHaveProperty('data');
  const third = new WebSocket(api.url.replace('http', 'ws'), 'graphql-transport-ws');
  expect((await once(third, 'unexpected-response'))[1].statusCode).toBe(503);
  const stream = await fetch(`${api.url}?query=${encodeURIComponent(LISTED)}`, {
    headers: { accept: 'text/event-stream' },
  });
  expect(await stream.text()).toContain('TOO_MANY_SUBSCRIPTIONS');
  for (const socket of [one, other]) socket.terminate();
});
