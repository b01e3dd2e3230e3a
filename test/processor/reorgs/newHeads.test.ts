import { once } from 'node:events';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { mineBlocks } from '../../../devnet/chain.js';
import { NewHeads } from '../../../src/chain/rpc/connection/newHeads.js';
import { Endpoint } from '../../../src/chain/rpc/endpoints/endpoint.js';
import { followHead } from '../../../src/processor/reorgs/followHead.js';
import { HeadPace } from '../../../src/processor/reorgs/headPace.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { SocketRelay } from '../../support/nodes/socketRelay.js';
import { follow } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

/** Longer than any test: who waits for so long has to be woken. */
const HOUR_MS = 3_600_000;

let scene: Scene;
let relay: SocketRelay;

beforeAll(async () => {
  scene = await Scene.start();
});

beforeEach(async () => {
  const started = await SocketRelay.start(scene.chain.url);
  relay = started;
  return () => started.stop();
});

function listen(...urls: readonly string[]) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const warnings: string[] = [];
  const heads = NewHeads.listen({
    endpoints: urls.map((url) => new Endpoint(url)),
    onWarning: (line) => warnings.push(line),
    signal: end.signal,
  });
  return { heads, warnings, signal: end.signal, end };
}

/** The next block is heard of, and its height is returned. */
async function hearNext({ heads, signal }: ReturnType<typeof listen>): Promise<number> {
  const height = Number(await scene.chain.rpc.call('eth_blockNumber')) + 1;
  const told = heads?.wait(HOUR_MS, signal);
  await mineBlocks(scene.chain, 1, 1);
  await told;
  expect(heads?.announced(height)).toBe(true);
  return height;
}

const subscribed = (count: number) => eventually(() => expect(relay.subscriptions).toBe(count));

test('a block is heard of when the node has it', async () => {
  const listening = listen(scene.chain.url, relay.url);
  await subscribed(1);
  const height = await hearNext(listening);
  expect(await hearNext(listening)).toBe(height + 1);
});

test('a block that came while nobody waited ends the next wait', async () => {
  const { heads, signal } = listen(relay.url);
  await subscribed(1);
  await mineBlocks(scene.chain, 1, 1);
  const height = Number(await scene.chain.rpc.call('eth_blockNumber'));
  await eventually(() => expect(heads?.announced(height)).toBe(true));
  await heads?.wait(HOUR_MS, signal);
});

test('a subscription whose connection broke is made again', async () => {
  const listening = listen(relay.url);
  await subscribed(1);
  const height = await hearNext(listening);
  relay.cut();
  await eventually(() => expect(listening.heads?.announced(height)).toBe(false));
  await subscribed(2);
  await hearNext(listening);
});

test('a subscription that announces no more blocks is made again', async () => {
  const listening = listen(relay.url);
  await subscribed(1);
  const height = await hearNext(listening);
  relay.silence();
  await mineBlocks(scene.chain, 4, 1);
  listening.heads?.saw(height + 3);
  expect(listening.heads?.announced(height)).toBe(true);
  listening.heads?.saw(height + 4);
  expect(listening.heads?.announced(height)).toBe(false);
  await subscribed(2);
  await hearNext(listening);
});

test('a node that takes no subscription is warned about once, without its key', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  let refused = 0;
  server.on('connection', (client) => {
    client.on('message', (data) => {
      const { id } = JSON.parse(String(data)) as { id: number };
      refused++;
      client.send(
        JSON.stringify({
          jsonrpc: '2.0',
          id,
          error: { code: -32601, message: 'no notifications' },
        }),
      );
    });
  });
  const { port } = server.address() as { port: number };
  const { warnings, end } = listen(`ws://127.0.0.1:${port}/v2/d0a1b2c3d4e5f60718293a4b5c6d7e8f`);
  await eventually(() => expect(refused).toBe(2));
  end.abort();
  expect(warnings).toEqual([
    expect.stringMatching(
      /^ws:\/\/127\.0\.0\.1:\d+\S* does not announce new blocks \(no notifications\)/,
    ),
  ]);
  expect(warnings.join()).not.toContain('d0a1b2c3');
});

test('without a WebSocket, nothing is listened to', () => {
  expect(listen(scene.chain.url).heads).toBeNull();
});

test('a block that is announced ends the pause of the indexer, however long that is', async () => {
  const { heads, signal, end } = listen(relay.url);
  await subscribed(1);
  const first = Number(await scene.chain.rpc.call('eth_blockNumber'));
  let tip = first;
  const reached: number[] = [];
  const following = followHead({
    watch: {
      look: () => Promise.resolve({ kind: 'ours', tipHeight: tip, finalizedHeight: first }),
    },
    headNumber: async () => Number(await scene.chain.rpc.call('eth_blockNumber')),
    navigate: ({ height }) => {
      reached.push(height);
      tip = height;
      return Promise.resolve();
    },
    isEnd: () => false,
    pollMs: HOUR_MS,
    pace: new HeadPace(HOUR_MS),
    newHeads: heads,
    onWarning: () => undefined,
    signal,
  });
  for (const height of [first + 1, first + 2]) {
    await mineBlocks(scene.chain, 1, 1);
    await eventually(() => expect(reached).toContain(height));
  }
  end.abort();
  await expect(following).rejects.toThrow();
});

test('an indexer of a chain with a WebSocket subscribes, and ends its subscription', async () => {
  const databaseUrl = await freshDatabase();
  const follower = follow({
    chain: scene.chain,
    databaseUrl,
    tokens: [scene.token.address],
    more: { rpcUrl: relay.url, headPollAdapts: true, headPollIntervalSeconds: 5 },
  });
  await subscribed(1);
  await scene.pay(7n);
  await follower.caughtUp();
  await follower.stop();
  expect(await query(databaseUrl, 'SELECT amount_wei FROM receipt')).toEqual([{ amount_wei: '7' }]);
  await mineBlocks(scene.chain, 1, 1);
  expect(relay.subscriptions).toBe(1);
  await eventually(() => expect(relay.open).toBe(0));
});
