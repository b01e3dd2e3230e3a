import { ChainNode } from '../../chain/node.js';
import { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { type Ability, probe } from '../../chain/source/finders/probe.js';
import { checkEndpoint } from '../../chain/sourceCheck.js';
import { ImoError } from '../../errors.js';

const ANSWER_WITHIN_MS = 30_000;
const PROBE_WITHIN_MS = 15_000;
const NO_CONTRACT = `0x${'0'.repeat(40)}`;

/** An endpoint that answers, with what it serves. */
export interface OpenedNode {
  readonly node: ChainNode;
  readonly chainId: number;
  readonly head: number;
  readonly ability: Ability;
  close(): void;
}

/**
 * Connects to an endpoint and asks what it can do.
 *
 * @param expected chain id; `null`: any
 * @throws ImoError with a code `RPC_…` or `CHAIN_ID_MISMATCH` where it cannot be used for an index
 */
export async function openNode(url: string, expected: number | null): Promise<OpenedNode> {
  const pool = new PoolConnection({ urls: [url], chainId: null });
  const client = new PooledClient(pool, {
    capacity: 10,
    requestTimeoutMs: ANSWER_WITHIN_MS,
    retryAttempts: 2,
  });
  const node = new ChainNode(client);
  const close = () => {
    node.close();
    pool.close();
  };
  try {
    const chainId = await node.chainId();
    if (expected !== null && expected !== chainId) throw otherChain(node, chainId, expected);
    await checkEndpoint(node, { id: chainId });
    const head = await node.headNumber();
    const range = { from: Math.min(1, head), to: head };
    const options = { range, address: NO_CONTRACT, timeoutMs: PROBE_WITHIN_MS };
    const [ability] = await probe(client, options);
    if (ability === undefined) throw new RangeError('a pool has no endpoint');
    return { node, chainId, head, ability, close };
  } catch (error) {
    close();
    throw error;
  }
}

function otherChain(node: ChainNode, chainId: number, expected: number): ImoError {
  return new ImoError(
    'INIT_OTHER_CHAIN',
    `${node.displayUrl} serves chain ${chainId}, not ${expected}`,
    'Give an endpoint of that chain with --rpc, or another chain with --chain.',
  );
}
