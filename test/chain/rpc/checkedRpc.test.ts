import { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import { expect, it, onTestFinished } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { withChecks } from '../../../src/chain/rpc/blocks/checkedRpc.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';

it('blocks that do not follow each other are refused, and asked for again', async () => {
  const anvil = await startAnvil();
  await mineBlocks(anvil, 9, 1);
  const proxy = await faultyProxy(anvil.url);
  const pool = new PoolConnection({ urls: [proxy.url], chainId: 31_337 });
  const client = new PooledClient(pool, {
    capacity: 5,
    requestTimeoutMs: 60_000,
    retryAttempts: 3,
  });
  onTestFinished(() => {
    client.close();
    pool.close();
  });
  const rpc = withChecks(new Rpc(client), { client, onWarning: () => undefined });
  const blocks = () => rpc.getColdSplit({ range: { from: 2, to: 7 }, request: {} });
  proxy.inject({ kind: 'foreignParent', method: 'eth_getBlockByNumber', block: 5 });
  await expect(blocks()).rejects.toThrow('block 5 does not follow block 4 of that node');
  expect((await blocks()).map(({ height }) => height)).toEqual([2, 3, 4, 5, 6, 7]);
});
