import { expect, test } from 'vitest';
import type { AnswerStore, Fresh } from '../../../src/chain/rpc/connection/answerStore.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { startOddNode } from '../../support/nodes/oddNode.js';

const remembers: AnswerStore = {
  get: async () => ({ result: 'remembered' }),
  put: () => undefined,
  distrust: () => undefined,
  distrustBlocks: () => undefined,
};

test('who looks whether nodes still say the same hears a node, whatever is remembered', async () => {
  const node = await startOddNode('http://127.0.0.1:9', [
    async ({ method }) => ({ result: method === 'eth_chainId' ? '0x1' : 'asked' }),
  ]);
  const pool = new PoolConnection({ urls: [node.url], chainId: 1 });
  pool.answers = remembers;
  const heard = async (fresh: Fresh) => {
    const options = { capacity: 1, requestTimeoutMs: 5_000, retryAttempts: 0, fresh };
    const client = new PooledClient(pool, options);
    const methods = ['eth_getBlockByNumber', 'trace_block', 'eth_getBalance'];
    const answers = await Promise.all(
      methods.map((method) => client.call<string>(method, ['0x1'])),
    );
    client.close();
    return answers;
  };
  try {
    expect(await heard('nothing')).toEqual(['remembered', 'remembered', 'remembered']);
    expect(await heard('headers')).toEqual(['asked', 'remembered', 'remembered']);
    expect(await heard('everything')).toEqual(['asked', 'asked', 'asked']);
  } finally {
    pool.close();
    await node.close();
  }
});
