import type { Fork } from '../../store/write/chainReorgs.js';
import type { BlockPoint } from '../../store/write/cursor.js';
import { commonAncestor } from './commonAncestor.js';

/**
 * Finds where a chain left the indexed blocks above one that it has.
 *
 * @param hot the indexed blocks above `base`, ascending
 * @param hashAt the hash of a block of the chain; `null` if it has none of that height
 * @returns `null`: the chain has all of them
 */
export async function forkAbove(
  base: BlockPoint,
  hot: readonly BlockPoint[],
  hashAt: (height: number) => Promise<string | null>,
): Promise<Fork | null> {
  const blocks = [base, ...hot.filter(({ height }) => height > base.height)];
  const isOnChain = async (block: BlockPoint) =>
    block === base || (await hashAt(block.height)) === block.hash;
  const newest = blocks.at(-1) ?? base;
  if (newest.height === base.height || (await isOnChain(newest))) return null;
  const ancestor = await commonAncestor({
    below: newest.height,
    knownAtOrBelow: async (limit) => blocks.findLast(({ height }) => height <= limit) ?? null,
    isOnChain,
  });
  const { height } = ancestor ?? base;
  return { height, newHash: await hashAt(height + 1) };
}
