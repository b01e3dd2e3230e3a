import { createHash } from 'node:crypto';
import type { ChainNode } from '../../chain/node.js';
import { ImoError } from '../../errors.js';

/** Who pays whom how much, in either form of traces: nodes differ in the rest. */
const TOLD = [
  ...['result', 'txHash', 'calls', 'type', 'from', 'to', 'value', 'input', 'error'],
  ...[
    'transactionHash',
    'traceAddress',
    'action',
    'callType',
    'refundAddress',
    'balance',
    'address',
  ],
];

/**
 * SHA-256 of the call frames that a node shows for a block now. Equal hashes mean equal frames.
 *
 * @returns `null` where no node shows any
 */
export async function shownFrames(node: ChainNode, block: number): Promise<string | null> {
  try {
    const { hash } = await node.blockHeader(block);
    const frames = await node.blockFrames(block, hash);
    return createHash('sha256').update(JSON.stringify(frames, TOLD)).digest('hex');
  } catch (error) {
    if (error instanceof ImoError && error.code.startsWith('RPC_')) return null;
    throw error;
  }
}
