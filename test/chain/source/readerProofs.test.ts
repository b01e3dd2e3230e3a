import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { encodeCall } from '../../../devnet/deploy.js';
import { FIELDS } from '../../../src/chain/reading/source.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import type { Finder } from '../../../src/chain/source/finders/finder.js';
import { NodeReader } from '../../../src/chain/source/reader.js';
import { askedTogether } from '../../support/nodes/askedTogether.js';
import { type Dialect, type OddCall, type OddReply } from '../../support/nodes/oddNode.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { Scene } from '../../support/scenes/scene.js';
import { readFinalBlocks, type SourceRun } from '../../support/scenes/sourceScene.js';

/** More than are traced in any case: only transactions that concern the token are. */
const OTHERS = 12;

let scene: Scene;
let startBlock: number;
/** A block of many transactions, of which one calls the token through a router. */
let crowded: number;
/** By reading every block. */
let truth: SourceRun;

beforeAll(async () => {
  scene = await Scene.start();
  const { chain, token, founder, friend, payer } = scene;
  startBlock = (await latestBlock(chain)).number - 1;
  await scene.call(founder, 'transfer', [friend, 100n]);
  const others = Array.from({ length: OTHERS }, () => ({ from: payer, to: founder, valueWei: 1n }));
  // Its first and last steps move nothing and write nothing: no state tells that one is missing.
  const view = { target: token.address, data: scene.data('totalSupply') };
  const route = scene.routeRequest([view, { valueWei: 70n }, view], 70n);
  const moves = Array.from({ length: OTHERS }, () => {
    return { from: founder, to: token.address, data: encodeCall(token, 'transfer', [friend, 1n]) };
  });
  await scene.inOneBlock([...moves, { from: payer, to: founder, valueWei: 1n }]);
  await scene.inOneBlock([...others, route]);
  crowded = (await latestBlock(chain)).number;
  truth = await read(chain.url, 'blocks');
}, 60_000);

function read(
  url: string,
  finder: 'blocks' | 'ranges' | 'portal',
  services: readonly Finder[] = [],
): Promise<SourceRun> {
  return readFinalBlocks({
    services,
    urls: [url],
    chainId: scene.chain.chainId,
    tokens: [{ address: scene.token.address as `0x${string}`, startBlock, sharesAssets: false }],
    source: { finders: [finder] },
  });
}

/** Changes what a node answers to one method. */
function changes(method: string, change: (result: unknown) => unknown): Dialect {
  return async (call, ask): Promise<OddReply> => {
    const reply = await ask(call);
    return call.method === method ? { ...reply, result: change(reply.result) } : reply;
  };
}

interface Receipt {
  readonly logs: readonly { readonly data: string }[];
}

it('a finder that names another block than the node has is on another fork, and rests', async () => {
  const service: Finder = {
    kind: 'portal',
    describe: () => 'a fork',
    height: async () => crowded,
    async *find({ to }) {
      const hash = `0x${'f0'.repeat(32)}`;
      yield { to, hits: [{ height: crowded, hash, transactions: null }] };
    },
  };
  const { delivered, covered, warnings } = await read(scene.chain.url, 'portal', [service]);
  expect(delivered).toEqual(truth.delivered);
  expect(warnings).toContainEqual(
    expect.stringMatching(/^portal: block \d+ is 0x\w+ by the node, 0xf0\w+ by the finder/),
  );
  expect(covered.map(({ finder }) => finder)).not.toContain('portal');
});

describe('what is read of a block that was found', () => {
  it('is proven by the root of its receipts: an amount that differs is not believed', async () => {
    const doubled = (receipts: unknown) =>
      (receipts as Receipt[]).map((receipt) => ({
        ...receipt,
        logs: receipt.logs.map((log) => ({ ...log, data: log.data.replace(/.$/, '7') })),
      }));
    const node = await oddNode(scene.chain.url, changes('eth_getBlockReceipts', doubled));
    const { delivered } = await read(node.url, 'ranges');
    expect(delivered).toEqual(truth.delivered);
  });

  it('is proven by the hash of its header: other contents with the same hash are refused', async () => {
    const later = (block: unknown) => ({ ...(block as object), timestamp: '0x7fffffff' });
    const node = await oddNode(scene.chain.url, changes('eth_getBlockByNumber', later));
    await expect(read(node.url, 'ranges')).rejects.toThrow('its hash is not that of its header');
  });

  it.each([
    ['the first', 1],
    ['the last', 3],
  ])('is proven by whole call trees: %s frame that moves nothing is not missing', async (_, at) => {
    let torn = 0;
    const withoutOne = (frames: unknown) => {
      torn += 1;
      return (frames as unknown[]).filter((_frame, index) => index !== at);
    };
    const node = await oddNode(scene.chain.url, changes('trace_transaction', withoutOne));
    const { delivered } = await read(node.url, 'ranges');
    expect(torn).toBeGreaterThan(0);
    const framesOf = (run: SourceRun) => run.delivered.find(({ height }) => height === crowded);
    expect(framesOf({ ...truth, delivered })).toEqual(framesOf(truth));
  });

  it('has all its frames by one question where most of its transactions concern the token', async () => {
    let single = 0;
    const node = await oddNode(scene.chain.url, async (call, ask) => {
      if (call.method === 'trace_transaction') single++;
      return ask(call);
    });
    const { delivered } = await read(node.url, 'ranges');
    expect(delivered).toEqual(truth.delivered);
    // Of the block with many others.
    expect(single).toBe(1);
  });
});

it('the reader asks for the frames of blocks with their headers where those before them were small', async () => {
  const traces = (height: number) => (call: OddCall) =>
    call.method === 'trace_block' && call.params[0] === `0x${height.toString(16)}`;
  const receipts = (height: number) => (call: OddCall) =>
    call.method === 'eth_getBlockReceipts' && call.params[0] === `0x${height.toString(16)}`;
  const [first, second] = [startBlock + 1, startBlock + 2];
  const node = await oddNode(scene.chain.url, askedTogether(receipts(second), traces(second)));
  const pool = new PoolConnection({ urls: [node.url], chainId: scene.chain.chainId });
  const client = new PooledClient(pool, {
    ...{ capacity: 5, requestTimeoutMs: 60_000, retryAttempts: 0 },
  });
  const reader = new NodeReader({
    ...{ client, chainId: scene.chain.chainId, hasBlockReceipts: true },
    readWhole: () => Promise.reject(new Error('not read again')),
  });
  const request = toMappingRequest({
    fields: FIELDS,
    traces: [{ callTo: [scene.token.address.toLowerCase()], transaction: true, parents: true }],
  });
  for (const height of [first, second]) {
    const blocks = [{ height, transactions: null }];
    const [read] = await reader.read(blocks, { ...request, preferTraceApi: true });
    expect(read?.block.traceReplays).toHaveLength(1);
  }
  pool.close();
});
