import { ChainNode } from '../chain/node.js';
import { PoolConnection } from '../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../chain/rpc/connection/pooledClient.js';
import { checkEndpoint } from '../chain/sourceCheck.js';
import type { ChainConfig } from '../config/types.js';

const RPC_TIMEOUT_SECONDS = 30;

/** The endpoints of a chain, for the questions of a plan. */
export interface PlanNode {
  /** @throws ImoError of `checkEndpoint` if they serve another chain, or no call frames */
  checked(): Promise<ChainNode>;
  readonly client: PooledClient;
  close(): void;
}

export function openPlanNode(chain: ChainConfig): PlanNode {
  const pool = new PoolConnection({
    urls: [chain.rpcUrl, ...chain.fallbackRpcUrls],
    chainId: chain.id,
    onWarning: () => undefined,
  });
  const requestTimeoutMs = (chain.rpcTimeoutSeconds ?? RPC_TIMEOUT_SECONDS) * 1000;
  const client = new PooledClient(pool, { capacity: 10, requestTimeoutMs, retryAttempts: 4 });
  const node = new ChainNode(client);
  return {
    client,
    async checked() {
      await checkEndpoint(node, chain);
      return node;
    },
    close() {
      node.close();
      pool.close();
    },
  };
}
