import { type BlockMark, readBlockMarks } from '../../../store/read/chains/blockMarks.js';
import type { ChainHead } from '../../../store/read/chains/chainHeads.js';
import type { Queryable } from '../../../store/read/query/queryable.js';

/** Blocks with operations by which a fork is found; below them it is a new chain. */
const MARKS_AT_MOST = 256;

/** A chain as clients know it. */
export interface LiveChainView {
  readonly head: ChainHead;
  /** The newest blocks with operations up to the head, ascending. */
  readonly marks: readonly BlockMark[];
}

/** How a chain has moved since a view of it. */
export interface ChainMove {
  readonly view: LiveChainView;
  /** The newest block that both have in common: what is above is new, or was taken back. */
  readonly fork: number;
  /** Blocks that clients know were taken back. */
  readonly isReorg: boolean;
}

export async function readView(db: Queryable, head: ChainHead): Promise<LiveChainView> {
  const { chainId, block: to } = head;
  return { head, marks: await readBlockMarks(db, chainId, { from: 0, to, limit: MARKS_AT_MOST }) };
}

/**
 * Finds where a chain departs from what clients know. It compares only the hashes of the blocks
 * with operations, so it does not matter how many commits and rollbacks happened in between, or
 * whether a notification announced them.
 *
 * @returns `null` if the chain has not changed
 */
export async function readMove(
  db: Queryable,
  known: LiveChainView | undefined,
  head: ChainHead,
): Promise<ChainMove | null> {
  if (known !== undefined && isSameHead(known.head, head)) return null;
  const view = await readView(db, head);
  if (known === undefined) return { view, fork: -1, isReorg: false };
  const from = isWhole(known) ? 0 : (known.marks[0]?.block ?? 0);
  const to = known.head.block;
  const now = await readBlockMarks(db, head.chainId, { from, to, limit: to - from + 1 });
  const fork = Math.min(to, head.block, commonBlock(known, now));
  return { view, fork, isReorg: fork < to };
}

function isSameHead(known: ChainHead, head: ChainHead): boolean {
  return (
    known.block === head.block &&
    known.hash === head.hash &&
    known.finalizedBlock === head.finalizedBlock
  );
}

/** All blocks with operations are in the view. */
function isWhole({ marks }: LiveChainView): boolean {
  return marks.length < MARKS_AT_MOST;
}

function commonBlock(known: LiveChainView, now: readonly BlockMark[]): number {
  const { marks, head } = known;
  const length = Math.max(marks.length, now.length);
  for (let index = 0; index < length; index += 1) {
    const before = marks[index];
    const after = now[index];
    if (before?.block === after?.block && before?.hash === after?.hash) continue;
    if (index === 0 && !isWhole(known)) return -1;
    return Math.min(before?.block ?? head.block, after?.block ?? head.block) - 1;
  }
  return head.block;
}
