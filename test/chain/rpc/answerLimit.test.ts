import { once } from 'node:events';
import { createServer } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import { ChainNode } from '../../../src/chain/node.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { atEndOfFile } from '../../support/endOfFile.js';

const MEGABYTE = 2 ** 20;
const TOKEN = `0x${'11'.repeat(20)}` as const;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly {
    readonly to?: string;
    readonly fromBlock?: string;
    toBlock?: string;
  }[];
}

let url = '';
/** Calls in each request. */
let requests: number[] = [];

beforeAll(async () => {
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const asked = JSON.parse(body) as Call | Call[];
    const calls = [asked].flat();
    requests.push(calls.length);
    const answers = calls.map((call) => ({ jsonrpc: '2.0', id: call.id, result: resultOf(call) }));
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  url = `http://127.0.0.1:${address.port}`;
  atEndOfFile(async () => {
    server.closeAllConnections();
    server.close();
  });
});

/** Views answer with as many bytes as their last digits say, in thousands. */
function resultOf({ method, params: [question = {}] }: Call): unknown {
  if (method === 'eth_call') return `0x${'00'.repeat(Number(question.to?.slice(-6)) * 1_000)}`;
  if (method !== 'eth_getLogs') return '0x1';
  const blocks = Number(question.toBlock) - Number(question.fromBlock) + 1;
  return Array.from({ length: blocks * 100 }, () => ({ blockHash: `0x${'00'.repeat(400)}` }));
}

function clientOf(answerBytes: number) {
  requests = [];
  const pool = new PoolConnection({ urls: [url], chainId: null, answerBytes });
  const client = new PooledClient(pool, {
    capacity: 1,
    requestTimeoutMs: 60_000,
    retryAttempts: 0,
  });
  atEndOfFile(async () => {
    client.close();
    pool.close();
  });
  return client;
}

const viewOf = (kilobytes: number) => ({
  to: `0x${String(kilobytes).padStart(40, '0')}` as const,
  data: '0x12345678',
});

test('views with answers that are too large together are requested in smaller parts', async () => {
  const node = new ChainNode(clientOf(MEGABYTE));
  const answers = await node.views([200, 150, 1, 200, 100].map(viewOf), 1);
  expect(answers.map((answer) => answer?.length)).toEqual([200, 150, 1, 200, 100].map(hexLength));
  expect(requests).toEqual([5, 3, 2]);
});

const hexLength = (kilobytes: number) => 2 + 2_000 * kilobytes;

test('a view that returns five megabytes returns nothing, and others of its batch are not affected', async () => {
  const node = new ChainNode(clientOf(256 * MEGABYTE));
  expect(await node.views([5_000, 1].map(viewOf), 1)).toEqual([null, `0x${'00'.repeat(1_000)}`]);
  const small = new ChainNode(clientOf(MEGABYTE));
  expect(await small.view(TOKEN, '0x', 1)).toBeNull();
});

test('a range of logs is halved where its answer is too large', async () => {
  const logs = await clientOf(MEGABYTE).call('eth_getLogs', [
    { fromBlock: '0x1', toBlock: '0x28' },
  ]);
  expect(logs).toHaveLength(40 * 100);
  expect(requests.length).toBeGreaterThan(4);
});

test('an answer that is too large and cannot be split has its own error', async () => {
  const trace = new ChainNode(clientOf(1)).traceBlock(['0x00', {}]);
  await expect(trace).rejects.toMatchObject({ code: 'RPC_ANSWER_TOO_LARGE' });
});
