import { describe, expect, it } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { anyOf, askedTogether } from '../../support/nodes/askedTogether.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { oddNode } from '../../support/nodes/testNode.js';

/** A good answer takes less than this on whatever machine. */
const LONG_MS = 60_000;

async function start(chainId = 31_337, requestTimeoutMs = LONG_MS) {
  const anvil = await startAnvil();
  const [first, second] = await Promise.all([faultyProxy(anvil.url), faultyProxy(anvil.url)]);
  const warnings: string[] = [];
  const pool = new PoolConnection({
    urls: [first.url, second.url],
    chainId,
    onWarning: (line) => warnings.push(line),
  });
  const client = new PooledClient(pool, {
    capacity: 5,
    requestTimeoutMs,
    retryAttempts: 3,
  });
  const block = () => client.call('eth_getBlockByNumber', ['0x0', false]);
  return { anvil, first, second, pool, client, block, warnings };
}

describe('of several endpoints the best one is asked', () => {
  it.each([
    ['does not answer in time', { kind: 'timeout', delayMs: LONG_MS }],
    ['hangs up', { kind: 'hangup' }],
    ['answers 502', { kind: 'serverError', status: 502 }],
    ['cuts its answer short', { kind: 'truncated' }],
    ['limits the rate', { kind: 'rateLimit', retryAfterSeconds: 60 }],
    ['does not have the block', { kind: 'null' }],
    ['answers with an error', { kind: 'error', message: 'internal error' }],
  ] as const)('another one when it %s', async (_, fault) => {
    const timeoutMs = fault.kind === 'timeout' ? 1_500 : LONG_MS;
    const { first, second, block } = await start(31_337, timeoutMs);
    const injected = first.inject({ ...fault, method: 'eth_getBlockByNumber' });
    await expect(block()).resolves.toMatchObject({ number: '0x0' });
    expect(injected.count).toBe(1);
    expect(second.calls('eth_getBlockByNumber')).toBe(1);
  });

  it('an endpoint that limits the rate rests for as long as it asks', async () => {
    const { first, second, block } = await start();
    first.inject({ kind: 'rateLimit', retryAfterSeconds: 60, method: 'eth_getBlockByNumber' });
    for (let count = 0; count < 5; count++) await block();
    expect(first.calls('eth_getBlockByNumber')).toBe(1);
    expect(second.calls('eth_getBlockByNumber')).toBe(5);
    // Not even when the other one fails.
    second.inject({ kind: 'hangup', method: 'eth_getBlockByNumber' });
    await block();
    expect(first.calls('eth_getBlockByNumber')).toBe(1);
  });

  it('an endpoint that lags is asked last', async () => {
    const { anvil, first, second, client, block } = await start();
    await mineBlocks(anvil, 20, 1);
    first.inject({ kind: 'behind', blocks: 15, method: 'eth_blockNumber' });
    expect(await client.call('eth_blockNumber')).toBe('0x14');
    await block();
    expect([first, second].map((proxy) => proxy.calls('eth_getBlockByNumber'))).toEqual([0, 1]);
  });

  it('an endpoint that hangs at a request for its head delays no poll, and is asked last', async () => {
    const { first, second, client, block, pool } = await start();
    const hangs = { kind: 'timeout', delayMs: LONG_MS, method: 'eth_blockNumber' } as const;
    first.inject({ ...hangs, times: Infinity });
    const startedAt = Date.now();
    expect(await client.call('eth_blockNumber')).toBe('0x0');
    await block();
    expect([first, second].map((proxy) => proxy.calls('eth_getBlockByNumber'))).toEqual([0, 1]);
    const scoreOfFirst = () => pool.endpoints[0]?.score(0) ?? 0;
    const soon = scoreOfFirst();
    for (let poll = 1; poll < 5; poll++) expect(await client.call('eth_blockNumber')).toBe('0x0');
    expect(scoreOfFirst()).toBeGreaterThan(soon);
    expect(Date.now() - startedAt).toBeLessThan(LONG_MS);
    // It still owes the first answer.
    expect(first.calls('eth_blockNumber')).toBe(1);
    expect(second.calls('eth_blockNumber')).toBe(5);
  });

  it('an endpoint that failed is used again when it has recovered', async () => {
    const { first, second, block } = await start();
    first.inject({ kind: 'hangup', method: 'eth_getBlockByNumber' });
    await block();
    second.inject({ kind: 'hangup', times: Infinity });
    await expect(block()).resolves.toMatchObject({ number: '0x0' });
  });

  it('an endpoint that answers wrongly is asked last, and at once if it is the only one', async () => {
    const { anvil, first, second, client, block } = await start();
    await block();
    client.distrust('eth_getBlockByNumber');
    await block();
    expect([first, second].map((proxy) => proxy.calls('eth_getBlockByNumber'))).toEqual([1, 1]);
    const pool = new PoolConnection({ urls: [anvil.url], chainId: null });
    const alone = new PooledClient(pool, {
      capacity: 5,
      requestTimeoutMs: LONG_MS,
      retryAttempts: 0,
    });
    const startedAt = Date.now();
    for (let count = 0; count < 10; count++) {
      await alone.call('eth_getBlockByNumber', ['0x0', false]);
      alone.distrust('eth_getBlockByNumber');
    }
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('an endpoint that serves another chain after a reconnect is excluded and logged', async () => {
    const { first, second, block, warnings } = await start();
    await block();
    const other = await startAnvil({ chainId: 5 });
    first.inject({ kind: 'hangup', method: 'eth_getBlockByNumber' });
    first.routeTo(other.url);
    second.inject({ kind: 'hangup', method: 'eth_chainId' });
    for (let count = 0; count < 4; count++) await block();
    expect(first.calls('eth_getBlockByNumber')).toBe(2);
    expect(warnings.join()).toContain('serves chain 5, not 31337: it is not used');
  });

  it('none where all serve another chain', async () => {
    const { block } = await start(1);
    await expect(block()).rejects.toMatchObject({ code: 'CHAIN_ID_MISMATCH' });
  });
});

it('twenty concurrent requests cause no warning of the process', async () => {
  const { pool } = await start();
  const warned: string[] = [];
  const note = ({ name }: Error) => warned.push(name);
  process.on('warning', note);
  try {
    await Promise.all(
      Array.from({ length: 20 }, (_, id) =>
        pool.call({ id, jsonrpc: '2.0', method: 'eth_getBlockByNumber', params: ['0x0', false] }),
      ),
    );
    // Warnings are emitted in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', note);
  }
  expect(warned).toEqual([]);
});

describe('the first question to an endpoint', () => {
  const ask = async (chainId: number) => {
    const together = askedTogether(anyOf('eth_chainId'), anyOf('eth_getBlockByNumber'));
    const node = await oddNode('http://127.0.0.1:1', together, async ({ method }) => {
      return { result: method === 'eth_chainId' ? '0x5' : { number: '0x0' } };
    });
    const pool = new PoolConnection({ urls: [node.url], chainId });
    const client = new PooledClient(pool, {
      ...{ capacity: 5, requestTimeoutMs: LONG_MS, retryAttempts: 0 },
    });
    return client.call('eth_getBlockByNumber', ['0x0', false]).finally(() => pool.close());
  };

  it('is asked together with that for its chain', async () => {
    await expect(ask(5)).resolves.toEqual({ number: '0x0' });
  });

  it('has no answer where it serves another chain', async () => {
    await expect(ask(6)).rejects.toMatchObject({ code: 'CHAIN_ID_MISMATCH' });
  });
});
