import type { BlockPoint, ChainCursor } from '../cursor.js';

/** The newest block that all groups of a chain have, and the newest one that is final for all of them. */
export interface AgreedBlocks {
  readonly head: BlockPoint;
  readonly finalized: BlockPoint;
  /** Place of the group that is the least far in what is final: it knows all blocks between the two. */
  readonly of: number;
}

/**
 * Finds the newest block that all groups of a chain have indexed on the same fork. Above what is final for all of them,
 * every group must know the hash of the block: what one of them has dropped as final proves nothing about the fork of
 * another one.
 *
 * @param cursors of all groups
 * @returns `null` if there is none, or if the groups know different final blocks
 */
export function agreedBlocks(cursors: readonly ChainCursor[]): AgreedBlocks | null {
  const heights = cursors.map(({ finalized }) => finalized.height);
  const of = heights.indexOf(Math.min(...heights));
  const least = cursors[of];
  if (least === undefined) return null;
  const { finalized } = least;
  const agrees = ({ height, hash }: BlockPoint) =>
    cursors.every((cursor) => hashIn(cursor, height) === hash);
  const contradicts = cursors.some((cursor) => {
    const known = hashIn(cursor, finalized.height);
    return known !== null && known !== finalized.hash;
  });
  if (contradicts) return null;
  const candidates = [...least.hot, least.head].filter(({ height }) => height > finalized.height);
  candidates.sort((left, right) => right.height - left.height);
  return { head: candidates.find(agrees) ?? finalized, finalized, of };
}

/** The hash of a block as a group has indexed it; `null`: it has not, or keeps no hash of it. */
function hashIn({ head, finalized, hot }: ChainCursor, height: number): string | null {
  const known = [head, finalized, ...hot].find((block) => block.height === height);
  return known?.hash ?? null;
}
