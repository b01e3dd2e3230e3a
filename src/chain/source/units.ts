import type { FinderKind } from '../../config/source/finderKinds.js';
import { hashesOf } from '../rpc/blocks/blockTraces.js';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import type { Hit, Piece } from './finders/finder.js';
import type { Ahead } from './readAhead.js';
import type { ReadBlock } from './reader.js';

/** Hits that are read together: of full blocks, and of those with few transactions. */
const HITS_AT_ONCE = 40;
/** Their headers with that of the end of the part fit into one request, and their states into two. */
const SMALL_HITS_AT_ONCE = 98;
const MOST_HITS_AT_ONCE = 400;
const FEW_TRANSACTIONS = 20;
/** Parts that are read at once: more of those with few transactions, to wait less for far nodes. */
const AT_ONCE = 4;
const SMALL_AT_ONCE = 8;
/** While so many are read, small pieces of a finder are put together. */
const READING_MEANWHILE = 2;
/** Parts that wait to be booked: what a batch asks of the chain, it asks at once. */
const WAITING = 10;
const SMALL_WAITING = 16;

/** Blocks that were searched, with the hits among them. */
export interface Searched extends BlockRange {
  readonly hits: readonly Hit[];
  readonly foundBy: FinderKind;
}

/**
 * Cuts what was found into parts that are read, proven and delivered as one, and says how many are
 * read at once.
 */
export class UnitSize implements Ahead {
  private areSmall = false;
  private reading = 0;
  private smallHitsAtOnce = SMALL_HITS_AT_ONCE;

  get waiting(): number {
    return this.areSmall ? SMALL_WAITING : WAITING;
  }

  get working(): number {
    return this.areSmall ? SMALL_AT_ONCE : AT_ONCE;
  }

  /** More hits are worth waiting for: these are too few, and enough is being read meanwhile. */
  isWorthWaiting(hits: number): boolean {
    return this.reading >= READING_MEANWHILE && hits < this.hitsAtOnce;
  }

  /** Counts what is being read until it is, or fails. */
  async whileReading<T>(work: () => Promise<T>): Promise<T> {
    this.reading++;
    try {
      return await work();
    } finally {
      this.reading--;
    }
  }

  private get hitsAtOnce(): number {
    return this.areSmall ? this.smallHitsAtOnce : HITS_AT_ONCE;
  }

  *unitsOf(
    from: number,
    { to, hits, foundBy }: Piece & Pick<Searched, 'foundBy'>,
  ): Generator<Searched> {
    let next = from;
    let start = 0;
    while (start + this.hitsAtOnce < hits.length) {
      const some = hits.slice(start, start + this.hitsAtOnce);
      start += some.length;
      const end = some.at(-1)?.height ?? next;
      yield { from: next, to: end, hits: some, foundBy };
      next = end + 1;
    }
    yield { from: next, to, hits: hits.slice(start), foundBy };
  }

  /** The state of each watched contract is compared at the end of each part: of many, parts are larger. */
  watch(contracts: number): void {
    this.smallHitsAtOnce = Math.min(Math.max(SMALL_HITS_AT_ONCE, contracts), MOST_HITS_AT_ONCE);
  }

  /** Receipts come of all transactions of a block: of large blocks fewer are in memory at once. */
  measure(read: readonly ReadBlock[]): void {
    if (read.length === 0) return;
    const transactions = read.reduce((sum, { block }) => sum + hashesOf(block).length, 0);
    this.areSmall = transactions / read.length <= FEW_TRANSACTIONS;
  }
}

/**
 * Pieces that follow each other, as one.
 *
 * @throws RangeError if they do not
 */
export function inOne(pieces: readonly Piece[], from: number, end: number): Piece {
  let next = from;
  for (const piece of pieces) {
    assertFollows(piece, next, end);
    next = piece.to + 1;
  }
  const { foundBy } = pieces[0] ?? {};
  return {
    to: next - 1,
    hits: pieces.flatMap(({ hits }) => hits),
    ...(foundBy === undefined ? {} : { foundBy }),
  };
}

function assertFollows({ to, hits }: Piece, from: number, end: number): void {
  const heights = hits.map(({ height }) => height);
  const isAscending = heights.every((height, index) => height > (heights[index - 1] ?? from - 1));
  if (to >= from && to <= end && isAscending && (heights.at(-1) ?? from) <= to) return;
  throw new RangeError(`it answered for blocks up to ${to} where ${from} to ${end} were asked for`);
}
