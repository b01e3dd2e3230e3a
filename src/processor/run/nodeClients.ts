import { KnownBalances } from '../../chain/knownBalances.js';
import { ChainNode } from '../../chain/node.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { ReadingThreads } from '../../chain/source/threads/readingThreads.js';
import { TRACE_TIMEOUT_SECONDS } from '../../config/source/traceTimeout.js';
import { chainIdOf } from '../../store/booksKey.js';
import type { AttemptOptions } from './attemptOptions.js';
import { EndpointAbilities } from './endpointAbilities.js';
import { leaveToThreads } from './memory.js';

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
  /** What its endpoints serve. */
  readonly abilities: EndpointAbilities;
  /** The same in other threads. */
  readonly threads: ReadingThreads;
  readonly knownBalances: KnownBalances;
  readonly traceTimeoutSeconds: number;
  close(): Promise<void>;
}

/** What threads hold that a collection of garbage in this thread does not reach. */
const BYTES_OF_THREADS = 20 * 2 ** 20;

/** Blocks are read in this thread. */
const NO_THREADS = { count: 0, itemsBefore: 0 };

export function openNodeClients(options: AttemptOptions): NodeClients {
  const { chain, pool, heard } = options;
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
  const threads = new ReadingThreads({
    ...(options.threads ?? NO_THREADS),
    task: () => {
      leaveToThreads(BYTES_OF_THREADS);
      return {
        urls: [chain.rpcUrl, ...chain.fallbackRpcUrls],
        chainId: chainIdOf(chain.id),
        capacity: READING_AT_ONCE,
        requestTimeoutMs,
        traceTimeoutSeconds,
        framesByTransaction: reading.framesByTransaction,
      };
    },
    isDoubted: () => pool.isAnyDoubted,
    onSources: (range, places) => pool.cameFrom(range, places),
    onWarning: options.onWarning,
  });
  return {
    node,
    lookingNode,
    reading,
    abilities: new EndpointAbilities(reading, options.cache),
    threads,
    knownBalances,
    traceTimeoutSeconds,
    async close() {
      reading.close();
      lookingNode.close();
      node.close();
      await threads.close();
    },
  };
}
