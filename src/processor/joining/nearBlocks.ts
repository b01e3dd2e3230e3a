/** Blocks that are read next to the head, or while the live index waits: however full they are, they are few. */
const FEW_BLOCKS = 100;
/** The blocks that a live index reads while joining books read the past, so that both meet during a backfill. */
const BACKFILL_BLOCKS = 2_000;

/**
 * How many blocks may be left to joining books when the live index is paused for them, or when they begin to follow
 * the head. Before the first round, what is left is the past of a contract: the live index must not wait for that.
 *
 * @param rounds how often the past was read up to the live index
 */
export function nearBlocks({
  isFollowing,
  rounds,
}: {
  readonly isFollowing: boolean;
  readonly rounds: number;
}): number {
  return isFollowing || rounds === 0 ? FEW_BLOCKS : BACKFILL_BLOCKS;
}
