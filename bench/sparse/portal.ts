import {
  type PortalSimulator,
  startPortalSimulator,
} from '../../test/support/nodes/portalSimulator.js';
import type { StretchedNode } from './stretchedNode.js';

/**
 * The Portal of the tests in front of a stretched chain. It answers from memory, as a service does
 * from its index: a stream over everything fills it.
 */
export async function stretchedPortal(node: StretchedNode): Promise<PortalSimulator> {
  const known = new Map<string, Promise<unknown>>();
  const portal = await startPortalSimulator({
    rpcUrl: {
      call: async <T>(method: string, params: readonly unknown[] = []) => {
        const key = `${method} ${JSON.stringify(params)}`;
        const answer = known.get(key) ?? resultOf(node, method, [...params]);
        known.set(key, answer);
        return (await answer) as T;
      },
    },
  });
  const fields = { block: { number: true, hash: true } };
  const response = await fetch(`${portal.url}/finalized-stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'evm', fromBlock: 0, fields, logs: [{}], traces: [{}] }),
  });
  if (!response.ok) throw new Error(`the Portal answered ${response.status}`);
  await response.arrayBuffer();
  return portal;
}

async function resultOf(node: StretchedNode, method: string, params: unknown[]): Promise<unknown> {
  const { result, error } = await node.reply(method, params);
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}
