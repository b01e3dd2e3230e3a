import { ChainNode } from '../../chain/node.js';
import { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { redactText } from '../../config/redact.js';
import type { ChainConfig } from '../../config/types.js';
import type { ChainCursor } from '../../store/write/cursor.js';
import { formatCount } from './rate.js';

const ANSWER_WITHIN_MS = 5_000;

/** The node's view of a chain. */
export interface NodeView {
  readonly headBlock: number | null;
  readonly isOnChain: boolean | null;
  readonly problem: string | null;
}

/** Asks the endpoints of a chain for its head, and compares its blocks with the books. */
export async function askNode(chain: ChainConfig, cursor: ChainCursor | null): Promise<NodeView> {
  const pool = new PoolConnection({
    urls: [chain.rpcUrl, ...chain.fallbackRpcUrls],
    chainId: null,
  });
  const node = new ChainNode(
    new PooledClient(pool, { capacity: 5, requestTimeoutMs: ANSWER_WITHIN_MS, retryAttempts: 0 }),
  );
  const nothing = { headBlock: null, isOnChain: null };
  try {
    const [chainId, headBlock] = await withinTime(Promise.all([node.chainId(), node.headNumber()]));
    if (chainId !== chain.id) {
      return { ...nothing, problem: `the node is of chain ${chainId}, not ${chain.id}` };
    }
    return { headBlock, ...(await withinTime(compareFork(node, cursor, headBlock))) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...nothing, problem: redactText(reason) };
  } finally {
    node.close();
    pool.close();
  }
}

/** Compares the hash of the newest block of the books that the node can have. */
async function compareFork(
  node: ChainNode,
  cursor: ChainCursor | null,
  headBlock: number,
): Promise<Pick<NodeView, 'isOnChain' | 'problem'>> {
  const ours = [cursor?.head, cursor?.finalized].find(
    (point) => point !== undefined && point.height >= 0 && point.height <= headBlock,
  );
  if (ours === undefined) return { isOnChain: null, problem: null };
  const { hash } = await node.blockHeader(ours.height);
  if (hash === ours.hash) return { isOnChain: true, problem: null };
  return {
    isOnChain: false,
    problem:
      `block ${formatCount(ours.height)} is ${ours.hash} in the books, and ${hash} on the chain of ` +
      'the node: it forked. `index` takes back what is not on the chain',
  };
}

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const refusal = new Error(`the node did not answer within ${ANSWER_WITHIN_MS / 1000} s`);
    timer = setTimeout(() => reject(refusal), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
