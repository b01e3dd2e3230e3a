import { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { logsByReceipts } from '../../../src/chain/rpc/blocks/receiptLogs.js';
import { compareWithRoot, type RootedReceipt } from '../../../src/chain/rpc/blocks/receiptsRoot.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import type { FaultyProxy } from '../../support/nodes/faultyProxy.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { Scene } from '../../support/scenes/scene.js';

let scene: Scene;
let proxy: FaultyProxy;
let pool: PoolConnection;
let client: PooledClient;

beforeAll(async () => {
  scene = await Scene.start();
  const transfer = (amount: bigint) => ({
    from: scene.founder,
    to: scene.token.address,
    data: scene.data('transfer', [scene.friend, amount]),
  });
  await scene.inOneBlock(Array.from({ length: 20 }, (_, index) => transfer(BigInt(index + 1))));
  proxy = await faultyProxy(scene.chain.url);
  pool = new PoolConnection({ urls: [proxy.url], chainId: 31_337 });
  client = new PooledClient(pool, { capacity: 5, requestTimeoutMs: 60_000, retryAttempts: 3 });
});
afterAll(() => {
  client.close();
  pool.close();
});

async function newestBlock() {
  const { number } = await latestBlock(scene.chain);
  const { hash } = await scene.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
    `0x${number.toString(16)}`,
    false,
  ]);
  return new Rpc(client).getColdBlock(hash, { transactions: true, logs: true });
}

describe('logs that are taken from receipts', () => {
  it('are those that the header of the block commits to', async () => {
    const block = await newestBlock();
    const found = await logsByReceipts(client, block);
    expect(found?.isProven).toBe(true);
    expect(found?.logs).toHaveLength(20);
  });

  it('are not accepted if one differs in a way that no bloom filter shows', async () => {
    const block = await newestBlock();
    proxy.inject({ kind: 'receiptDataChanged', method: 'eth_getTransactionReceipt' });
    expect(await logsByReceipts(client, block)).toBeNull();
    expect((await logsByReceipts(client, block))?.isProven).toBe(true);
  });

  it('are marked where a chain may have other receipts than Ethereum', async () => {
    const receipts = await Promise.all(
      (await newestBlock()).block.transactions.map((transaction) => {
        const hash = typeof transaction === 'string' ? transaction : transaction.hash;
        return scene.chain.rpc.call<RootedReceipt>('eth_getTransactionReceipt', [hash]);
      }),
    );
    const other = `0x${'ab'.repeat(32)}`;
    const withMore = receipts.map((receipt) => ({ ...receipt, l1Fee: '0x1' }));
    const bookkeeping = receipts.map((receipt) => ({ ...receipt, gasUsed: '0x0' }));
    const ofOtherType = receipts.map((receipt) => ({ ...receipt, type: '0x64' }));
    expect(await compareWithRoot(receipts, other)).toBe('different');
    expect(await compareWithRoot(withMore, other)).toBe('unknown');
    expect(await compareWithRoot(bookkeeping, other)).toBe('unknown');
    expect(await compareWithRoot(ofOtherType, other)).toBe('unknown');
  });
});
