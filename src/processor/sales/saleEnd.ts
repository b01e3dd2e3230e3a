import { firstBlock } from '../../chain/contract/deployment.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';

/**
 * The first block whose time is not before a moment. No transaction ends a sale: its end
 * takes effect in that block, which may have none, and which a gateway leaves out.
 *
 * @param momentSeconds unix time
 * @param low a block before which the answer cannot be
 * @param known a block that is not before the moment
 */
export async function firstBlockAt(
  node: ChainNode,
  momentSeconds: bigint,
  low: number,
  known: BlockHeader,
): Promise<BlockHeader> {
  const headerOf = async (number: number) =>
    number === known.number ? known : node.blockHeader(number);
  const isReached = async (number: number) =>
    BigInt((await headerOf(number)).timestampMs) >= momentSeconds * 1000n;
  return headerOf(await firstBlock(isReached, low, known.number));
}
