import type { BlockPoint } from '../../store/write/cursor.js';

export interface AncestorSearch {
  /** A height at which the chains are known to differ, or to have nothing in common. */
  readonly below: number;
  /** The newest indexed block up to a height with a remembered hash. */
  readonly knownAtOrBelow: (height: number) => Promise<BlockPoint | null>;
  readonly isOnChain: (block: BlockPoint) => Promise<boolean>;
}

/**
 * The newest remembered block below a height that is on the chain; `null` if none is. Asks
 * for a number of blocks that grows with the logarithm of the depth.
 */
export async function commonAncestor(search: AncestorSearch): Promise<BlockPoint | null> {
  const { knownAtOrBelow, isOnChain } = search;
  let differsAt = search.below;
  for (let step = 1; differsAt > 0; step *= 2) {
    const known = await knownAtOrBelow(differsAt - step);
    // Everything that is remembered lies above: it is somewhere there, or nowhere.
    if (known === null) return newestShared(search, null, differsAt);
    if (await isOnChain(known)) return newestShared(search, known, differsAt);
    differsAt = known.height;
  }
  return null;
}

/** Bisects between a block that is shared and a height at which the chains differ. */
async function newestShared(
  { knownAtOrBelow, isOnChain }: AncestorSearch,
  found: BlockPoint | null,
  differsAt: number,
): Promise<BlockPoint | null> {
  let shared = found;
  let low = found?.height ?? -1;
  let high = differsAt;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const known = await knownAtOrBelow(middle);
    if (known === null || known.height <= (shared?.height ?? -1)) low = middle;
    else if (await isOnChain(known)) {
      shared = known;
      low = middle;
    } else high = known.height;
  }
  return shared;
}
