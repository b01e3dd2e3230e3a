import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import { type DenseStretches, isMostly } from './denseStretches.js';
import type { Finder, Piece } from './finders/finder.js';
import { type Ahead, readAhead } from './readAhead.js';
import { inOne, type Searched, type UnitSize } from './units.js';
import { wantedOf } from './wanted.js';

/** Pieces that a finder found meanwhile make up one: small ones would be read one by one. */
const PIECES_AHEAD: Ahead = { working: 1, waiting: 16 };
/** Blocks that are searched first: a few more than show that most blocks are hits. */
const FIRST_BLOCKS = 60;

/** Why a finder has ended early. */
export class FinderFailure {
  error: unknown = null;
}

export interface UnitsOptions {
  readonly unitSize: UnitSize;
  readonly dense: DenseStretches;
  readonly signal: AbortSignal;
}

/**
 * The pieces of a finder in parts that are read at once. It ends where the finder fails, or where most blocks are hits.
 *
 * @param failing takes why the finder failed
 */
export async function* foundUnits(
  finder: Finder,
  range: BlockRange,
  request: DataRequest,
  failing: FinderFailure,
  options: UnitsOptions,
): AsyncGenerator<Searched> {
  const { dense, signal } = options;
  const cutter = new UnitCutter(finder, range.from, options.unitSize);
  try {
    const height = await finder.height(signal);
    if (height < range.from) throw new Error(`its newest final block is ${height}`);
    const searched = { from: range.from, to: Math.min(range.to, height) };
    const found = piecesOf(finder, searched, request, options);
    for await (const pieces of readAhead(PIECES_AHEAD, found, async (piece) => piece)) {
      const piece = cutter.join(pieces, range.to);
      // Then it is not worth the while to read and prove the hits one by one.
      if (isMostly(piece, cutter.next)) return dense.note(piece.to);
      yield* cutter.cut(piece);
    }
  } catch (error) {
    signal.throwIfAborted();
    failing.error = error;
  }
  yield* cutter.rest();
}

/** Cuts pieces into units. The few hits that are left of a piece wait for the next one while enough is being read. */
class UnitCutter {
  private held: Piece | null = null;

  /** @param next the block after those that were cut */
  constructor(
    private readonly finder: Finder,
    public next: number,
    private readonly unitSize: UnitSize,
  ) {}

  /** @throws RangeError if the pieces do not follow each other */
  join(pieces: readonly Piece[], end: number): Piece {
    return inOne(this.held === null ? pieces : [this.held, ...pieces], this.next, end);
  }

  cut(piece: Piece): Searched[] {
    const units = [...this.unitSize.unitsOf(this.next, { foundBy: this.finder.kind, ...piece })];
    const last = units.at(-1);
    const isHeld = last !== undefined && this.unitSize.isWorthWaiting(last.hits.length);
    this.held = isHeld ? { to: last.to, hits: last.hits, foundBy: last.foundBy } : null;
    this.next = isHeld ? last.from : piece.to + 1;
    return isHeld ? units.slice(0, -1) : units;
  }

  *rest(): Generator<Searched> {
    const { held, next, unitSize, finder } = this;
    if (held !== null) yield* unitSize.unitsOf(next, { foundBy: finder.kind, ...held });
  }
}

/** A few blocks show whether searching pays, before requests for wide ranges. */
async function* piecesOf(
  finder: Finder,
  range: BlockRange,
  request: DataRequest,
  { dense, signal }: UnitsOptions,
): AsyncGenerator<Piece> {
  const wanted = wantedOf(request);
  if (!dense.isUnknown) return yield* finder.find(range, wanted, signal);
  dense.isUnknown = false;
  const end = Math.min(range.to, range.from + FIRST_BLOCKS - 1);
  const pieces: Piece[] = [];
  for await (const piece of finder.find({ from: range.from, to: end }, wanted, signal)) {
    pieces.push(piece);
  }
  if (pieces.length === 0) return;
  let first: Piece | null = inOne(pieces, range.from, end);
  // Where it stopped early, it is asked again for what is left.
  if (first.to < end || end === range.to || isMostly(first, range.from)) return yield first;
  try {
    for await (const piece of finder.find({ from: end + 1, to: range.to }, wanted, signal)) {
      const joined: Piece = first === null ? piece : inOne([first, piece], range.from, range.to);
      first = null;
      yield joined;
    }
  } catch (error) {
    // These blocks were searched all the same.
    if (first !== null) yield first;
    throw error;
  }
  if (first !== null) yield first;
}
