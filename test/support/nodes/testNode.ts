import { onTestFinished } from 'vitest';
import { type Dialect, type OddNode, startOddNode } from './oddNode.js';

/** A node in front of `rpcUrl` that speaks in dialects, for the length of a test. */
export async function oddNode(rpcUrl: string, ...dialects: Dialect[]): Promise<OddNode> {
  const node = await startOddNode(rpcUrl, dialects);
  onTestFinished(() => node.close());
  return node;
}
