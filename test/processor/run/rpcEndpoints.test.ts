import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import type { FaultyProxy } from '../../support/nodes/faultyProxy.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

/** Far beyond the time limit of a test. */
const FOREVER = { kind: 'timeout', delayMs: 3_600_000 } as const;

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(scene.founder, 'transfer', [scene.friend, 300n]);
  await mineBlocks(scene.chain, 20, 1);
});

async function expectFresh(databaseUrl: string): Promise<void> {
  const fresh = await freshDatabase();
  await indexTo({ chain: scene.chain, databaseUrl: fresh, tokens: [scene.token.address] });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
}

async function requestThrough(proxy: FaultyProxy) {
  const warnings: string[] = [];
  return {
    chain: { ...scene.chain, url: proxy.url },
    databaseUrl: await freshDatabase(),
    tokens: [scene.token.address],
    rpcTimeoutSeconds: 1,
    warnings,
    onWarning: (line: string) => warnings.push(line),
  };
}

describe('answers that never come', () => {
  it.each([
    'eth_blockNumber',
    'eth_getBlockByNumber',
    'eth_getLogs',
    'trace_block',
    'eth_getBalance',
  ])('of %s are requested again: the books are the same', async (method) => {
    const proxy = await faultyProxy(scene.chain.url);
    const request = await requestThrough(proxy);
    const injected = proxy.inject({ ...FOREVER, method, times: 2 });
    await indexTo(request);
    expect(injected.count).toBe(2);
    await expectFresh(request.databaseUrl);
  });

  it('missing answers of one endpoint come from another one, and the head is followed meanwhile', async () => {
    const proxy = await faultyProxy(scene.chain.url);
    const request = await requestThrough(proxy);
    const follower = follow({
      ...request,
      // Longer than the test may take: nobody waits for it.
      rpcTimeoutSeconds: 600,
      fallbackRpcUrls: [scene.chain.url],
    });
    await follower.caughtUp();
    proxy.inject({ ...FOREVER, method: 'eth_blockNumber', times: Infinity });
    for (const valueWei of [5n, 6n, 7n]) {
      await scene.pay(valueWei);
      await follower.caughtUp();
    }
    await follower.stop();
    await expectFresh(request.databaseUrl);
  });
});

describe('an endpoint that serves another chain while the head is followed', () => {
  async function otherChain() {
    const other = await startAnvil({ chainId: 5, genesisTimestamp: 1_750_000_000 });
    await mineBlocks(other, (await latestBlock(scene.chain)).number + 50, 1);
    return other;
  }

  it('is out: the books are those of our chain, by the other endpoint', async () => {
    const other = await otherChain();
    const proxy = await faultyProxy(scene.chain.url);
    const request = await requestThrough(proxy);
    const follower = follow({ ...request, fallbackRpcUrls: [scene.chain.url] });
    await follower.caughtUp();
    proxy.routeTo(other.url);
    for (const valueWei of [8n, 9n]) {
      await scene.pay(valueWei);
      await follower.caughtUp();
    }
    await follower.stop();
    expect(request.warnings.join('\n')).toContain('serves chain 5, not 31337: it is not used');
    await expectFresh(request.databaseUrl);
  });

  it('stops the books where it is the only one, until it serves ours again', async () => {
    const other = await otherChain();
    const proxy = await faultyProxy(scene.chain.url);
    const request = await requestThrough(proxy);
    const follower = follow(request);
    await follower.caughtUp();
    const before = await dumpTables(request.databaseUrl);
    const polls = proxy.calls('eth_blockNumber');
    proxy.routeTo(other.url);
    await proxy.called('eth_blockNumber', polls + 5);
    await expect
      .poll(() => request.warnings.join('\n'))
      .toContain('serves chain 5, the config says 31337');
    expect(await dumpTables(request.databaseUrl)).toEqual(before);
    await scene.pay(10n);
    proxy.routeTo(scene.chain.url);
    await follower.caughtUp();
    await follower.stop();
    await expectFresh(request.databaseUrl);
    expect(await query(request.databaseUrl, 'SELECT chain_id FROM chain_cursor')).toEqual([
      { chain_id: 31_337 },
    ]);
  });
});
