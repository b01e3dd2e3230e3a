import { RpcError } from '@subsquid/rpc-client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { namedLimit } from '../../../src/chain/rpc/endpoints/rangeLimit.js';
import { type OddNode, type OddReply, startOddNode } from '../../support/nodes/oddNode.js';
import { limitsRanges, WORDINGS } from '../../support/nodes/rangeDialects.js';
import { oddNode } from '../../support/nodes/testNode.js';

const BLOCKS = 40;
/** A node with one log in each block: `eth_getLogs` tells the blocks it was asked for. */
let source: OddNode;

beforeAll(async () => {
  source = await startOddNode('', [
    async ({ method, params }): Promise<OddReply> => {
      if (method === 'eth_chainId') return { result: '0x1' };
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      const from = Number(fromBlock);
      return { result: Array.from({ length: Number(toBlock) - from + 1 }, (_, i) => from + i) };
    },
  ]);
});
afterAll(() => source.close());

function clientOf(...urls: string[]): PooledClient {
  const pool = new PoolConnection({ urls, chainId: 1 });
  const client = new PooledClient(pool, {
    capacity: 5,
    requestTimeoutMs: 60_000,
    retryAttempts: 0,
  });
  onTestFinished(() => {
    client.close();
    pool.close();
  });
  return client;
}

const logs = (client: PooledClient, from: number, to: number): Promise<number[]> =>
  client.call('eth_getLogs', [
    { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` },
  ]);
const blocks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a range of logs that an endpoint refuses', () => {
  it.each(Object.entries(WORDINGS))(
    'a refused range of logs is read in smaller parts: %s',
    async (_, wording) => {
      const node = await oddNode(source.url, limitsRanges(5, wording));
      const client = clientOf(node.url);
      expect(await logs(client, 1, BLOCKS)).toEqual(blocks(1, BLOCKS));
      // The limit is learnt: no part of the next range is refused.
      const before = node.asked.length;
      expect(await logs(client, 101, 110)).toEqual(blocks(101, 110));
      expect(node.asked.length - before).toBeLessThanOrEqual(4);
    },
  );

  it('is limited for that endpoint only', async () => {
    const small = await oddNode(source.url, limitsRanges(2, WORDINGS['no number at all'] ?? fail));
    const client = clientOf(small.url, source.url);
    expect(await logs(client, 1, 20)).toEqual(blocks(1, 20));
  });

  it('a refused range of traces is also read in smaller parts', async () => {
    const wording = WORDINGS['a number of blocks'] ?? fail;
    const node = await oddNode(source.url, limitsRanges(3, wording, 'trace_filter'));
    const range = { fromBlock: '0x1', toBlock: '0x9' };
    expect(await clientOf(node.url).call('trace_filter', [range])).toEqual(blocks(1, 9));
  });

  it('a refusal of the logs of one block is an error, and the receipts of the block answer it', async () => {
    const node = await oddNode(
      source.url,
      limitsRanges(0, WORDINGS['the size of the answer'] ?? fail),
    );
    await expect(logs(clientOf(node.url), 1, 8)).rejects.toThrow('too big');
  });
});

it.each([
  ['the key', 401, 'Unauthorized: invalid api key'],
  ['the method', -32601, 'the method eth_getLogs does not exist/is not available'],
  ['a block that is not there yet', -32000, 'block range extends beyond current head block'],
  ['a pruned state', -32000, 'missing trie node 0x12 (path ) state is not available'],
  ['a revert', 3, 'execution reverted: no'],
])('a refusal because of %s is not read in smaller parts', async (_, code, message) => {
  const node = await oddNode(source.url, async (call, ask) =>
    call.method === 'eth_getLogs' ? { error: { code, message } } : ask(call),
  );
  await expect(logs(clientOf(node.url), 1, 8)).rejects.toThrow(RpcError);
  expect(node.asked.filter(({ method }) => method === 'eth_getLogs')).toHaveLength(1);
});

it('the client waits after a rate limit, and sends no more requests', async () => {
  let refused = 0;
  const node = await oddNode(source.url, async (call, ask) => {
    if (call.method !== 'eth_getLogs' || refused++ > 0) return ask(call);
    const message =
      'Too many requests: you exceeded 25 requests per second, eth_getLogs is limited';
    return { error: { code: -32005, message } };
  });
  const client = clientOf(node.url, source.url);
  expect(await logs(client, 1, 8)).toEqual(blocks(1, 8));
  expect(refused).toBe(1);
});

it.each([
  ['up to a 10 block range', 10],
  ['limited to a 5 range', 5],
  ['block range is too wide, max is 1k blocks', 1000],
  ['exceed maximum block range: 5,000', 5000],
  ['this block range should work: [0x2, 0x4]', 3],
  ['retry with the range 2-20001', 20_000],
  ['try with this block range [0x1, 0x4]', null],
  ['query returned more than 10000 results', null],
  ['maximum is 100000 blocks', null],
])('"%s" names a range of %s blocks', (text, limit) => {
  expect(namedLimit(text, { from: 2, to: 50_000 })).toBe(limit);
});

function fail(): never {
  throw new Error('no such wording');
}
