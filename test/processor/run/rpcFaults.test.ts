import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import type { Fault } from '../../support/nodes/faultyProxy.js';
import { faultyProxy, proxyWithout } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

/** With a transfer; 10 blocks or more follow it. */
let finalBlock: number;
/** With a payment; it is young. */
let youngBlock: number;
let scene: Scene;
let books: Record<string, string[]>;

beforeAll(async () => {
  scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(scene.founder, 'transfer', [scene.friend, 300n]);
  finalBlock = (await latestBlock(scene.chain)).number;
  await scene.call(scene.founder, 'claim', [1n]);
  await mineBlocks(scene.chain, 20, 1);
  await scene.call(scene.friend, 'transfer', [scene.founder, 20n]);
  await scene.pay(70n);
  youngBlock = (await latestBlock(scene.chain)).number;
  books = await dumpTables(await index(scene.chain.url));
});

async function index(url: string, onWarning: (line: string) => void = () => undefined) {
  const databaseUrl = await freshDatabase();
  const chain = { ...scene.chain, url };
  await indexTo({ chain, databaseUrl, tokens: [scene.token.address], onWarning });
  return databaseUrl;
}

const FAULTS: readonly [name: string, fault: (block: number) => Fault][] = [
  ['a connection that breaks', () => ({ kind: 'hangup', times: 3 })],
  ['an overloaded server', () => ({ kind: 'serverError', status: 503, times: 3 })],
  ['a broken server', () => ({ kind: 'serverError', status: 500, times: 3 })],
  ['a rate limit', () => ({ kind: 'rateLimit', retryAfterSeconds: 1, times: 2 })],
  ['JSON that is cut short', () => ({ kind: 'truncated', times: 3 })],
  [
    'a block of the wrong type',
    (block) => ({ kind: 'wrongType', method: 'eth_getBlockByNumber', block, times: 2 }),
  ],
  ['logs of the wrong type', (block) => ({ kind: 'wrongType', method: 'eth_getLogs', block })],
  ['traces of the wrong type', (block) => ({ kind: 'wrongType', method: 'trace_block', block })],
  [
    'a block that is null',
    (block) => ({ kind: 'null', method: 'eth_getBlockByNumber', block, times: 12 }),
  ],
  [
    'no traces for one block',
    (block) => ({ kind: 'empty', method: 'trace_block', block, times: 12 }),
  ],
  ['traces that are null', (block) => ({ kind: 'null', method: 'trace_block', block })],
  [
    'a range beyond the head of a node that lags',
    (block) => ({
      kind: 'error',
      message: 'block range extends beyond current head block',
      method: 'eth_getLogs',
      block,
      times: 2,
    }),
  ],
  [
    'traces of a block that a node does not have yet',
    (block) => ({
      kind: 'error',
      message: 'header not found',
      method: 'trace_block',
      block,
      times: 2,
    }),
  ],
];

describe.each([
  ['final', () => finalBlock],
  ['young', () => youngBlock],
])('in a %s block the books are the same after', (_, blockOf) => {
  it.each(FAULTS)('%s', async (_name, faultOf) => {
    const proxy = await faultyProxy(scene.chain.url);
    const injected = proxy.inject(faultOf(blockOf()));
    expect(await dumpTables(await index(proxy.url))).toEqual(books);
    expect(injected.count).toBeGreaterThan(0);
  });
});

describe('data that contradict the block', () => {
  it.each([
    ['all logs of a range are missing', 'empty'],
    ['the first log is missing', 'firstLogMissing'],
    ['the last log is missing', 'lastLogMissing'],
    ['a log comes from another contract', 'foreignLog'],
  ] as const)('%s: they are taken from the receipts', async (_, kind) => {
    const proxy = await faultyProxy(scene.chain.url);
    const method = 'eth_getLogs';
    const injected = proxy.inject({ kind, method, block: finalBlock, times: Infinity });
    const warnings: string[] = [];
    expect(await dumpTables(await index(proxy.url, (line) => warnings.push(line)))).toEqual(books);
    expect(injected.count).toBeGreaterThan(0);
    expect(warnings.join('\n')).toMatch(/block \d+: .*logs were taken from the receipts/);
  });

  it('logs that are missing do no harm to traces that come after them', async () => {
    const proxy = await faultyProxy(scene.chain.url);
    const method = 'eth_getLogs';
    proxy.inject({ kind: 'empty', method, block: finalBlock, times: Infinity });
    proxy.inject({ kind: 'slow', delayMs: 100, method: 'trace_block', times: Infinity });
    const warnings: string[] = [];
    expect(await dumpTables(await index(proxy.url, (line) => warnings.push(line)))).toEqual(books);
    expect(warnings.join('\n')).not.toContain('call frames');
  });

  it.each([
    ['the traces of one transaction are missing', 'lastTransactionUntraced'],
    ['the tail of the traces is missing', 'traceTailMissing'],
  ] as const)('%s: the indexer waits for the block and logs it', async (_, kind) => {
    const proxy = await faultyProxy(scene.chain.url);
    const block = await claimBlock();
    const injected = proxy.inject({ kind, method: 'trace_block', block, times: 31 });
    const warnings: string[] = [];
    expect(await dumpTables(await index(proxy.url, (line) => warnings.push(line)))).toEqual(books);
    expect(injected.count).toBe(31);
    expect(warnings.join('\n')).toMatch(/call frames.* asking again since 20/);
  });

  it('a transaction that debug_traceBlockByHash omits is traced alone', async () => {
    const proxy = await faultyProxy(await proxyWithout(scene.chain.url, ['trace_block']));
    const method = 'debug_traceBlockByHash';
    const kind = 'lastTransactionUntraced';
    const injected = proxy.inject({ kind, method, block: finalBlock, times: 3 });
    expect(await dumpTables(await index(proxy.url))).toEqual(books);
    expect(injected.count).toBe(1);
    expect(proxy.calls('debug_traceTransaction')).toBe(1);
  });
});

/** The claim sends ETH: its transaction has more than one frame. */
async function claimBlock(): Promise<number> {
  return finalBlock + 1;
}
