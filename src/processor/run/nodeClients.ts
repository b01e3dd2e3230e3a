import { KnownBalances } from '../../chain/knownBalances.js';
import { ChainNode } from '../../chain/node.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { TRACE_TIMEOUT_SECONDS } from '../../config/source/traceTimeout.js';
import type { AttemptOptions } from './attemptOptions.js';

/** How long a node may take for one answer if the config does not say. */
const RPC_TIMEOUT_SECONDS = 30;

/** Requests for blocks and states that are under way at once: a far node answers each late. */
const READING_AT_ONCE = 20;

/** The ways to the nodes of a chain, for one attempt. */
export interface NodeClients {
  /** For questions about states. */
  readonly node: ChainNode;
  /** For what ended the books of held contracts, without anything remembered. */
  readonly lookingNode: ChainNode;
  /** For blocks. */
  readonly reading: PooledClient;
  readonly knownBalances: KnownBalances;
  readonly traceTimeoutSeconds: number;
  close(): void;
}

export function openNodeClients({ chain, pool, heard }: AttemptOptions): NodeClients {
  const requestTimeoutMs = (chain.rpcTimeoutSeconds ?? RPC_TIMEOUT_SECONDS) * 1000;
  const asking = new PooledClient(pool, {
    capacity: 10,
    requestTimeoutMs,
    retryAttempts: 4,
    fresh: 'headers',
  });
  // What ended some books may be remembered: whether nodes still say so, only they can tell.
  const looking = new PooledClient(pool, {
    capacity: 2,
    requestTimeoutMs,
    retryAttempts: 4,
    fresh: 'everything',
  });
  const reading = new PooledClient(pool, {
    capacity: READING_AT_ONCE,
    requestTimeoutMs,
    retryAttempts: Number.MAX_SAFE_INTEGER,
  });
  const { traceTimeoutSeconds = TRACE_TIMEOUT_SECONDS } = chain;
  const knownBalances = new KnownBalances();
  const node = new ChainNode(asking, { traceTimeoutSeconds, knownBalances, heard });
  const lookingNode = new ChainNode(looking, { traceTimeoutSeconds });
  return {
    node,
    lookingNode,
    reading,
    knownBalances,
    traceTimeoutSeconds,
    close() {
      reading.close();
      lookingNode.close();
      node.close();
    },
  };
}
