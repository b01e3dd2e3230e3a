import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { Batch, DataSource } from '@subsquid/util-internal-processor-tools';
import type { FinderKind } from '../../config/source/finderKinds.js';
import { ImoError } from '../../errors.js';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import type { Finder, Piece } from './finders/finder.js';
import { mapCheckedBlock } from './mapBlocks.js';
import type { MappedBlock, ProofKind } from './mappedBlock.js';
import type { GapProof } from './proofs/gapProof.js';
import { ManyChangesError } from './proofs/stateChanges.js';
import { type Ahead, readAhead } from './readAhead.js';
import { type BlockReader, ForeignBlockError } from './reader.js';
import { inOne, type Searched, UnitSize } from './units.js';
import { tracedIn, wantedOf, wantsEveryBlock } from './wanted.js';

/** A part of the chain that was delivered, and how. */
export interface Covered extends BlockRange {
  readonly finder: FinderKind;
  readonly proof: ProofKind;
  readonly hits: number;
}

/** How blocks are found, read and proven, as far as the endpoints can. */
export interface SourcePlan {
  /** The best first. */
  readonly finders: readonly Finder[];
  readonly reader: BlockReader;
  readonly prover: GapProof;
  /** An endpoint did not say what it can do: it is asked again. */
  readonly isProvisional: boolean;
}

export interface SourceOptions {
  /** Asks the endpoints what they can do; called when there is enough to read. */
  readonly plan: (range: BlockRange, request: DataRequest) => Promise<SourcePlan>;
  /** Reads each block, as the head is read. */
  readonly perBlock: DataSource<MappedBlock, DataRequest>;
  readonly toMappingRequest: (request: DataRequest) => MappingRequest;
  /** Runs work again that failed because of what a node answered, until the run is over. */
  readonly patiently: <T>(work: () => Promise<T>) => Promise<T>;
  /** Blocks up to here are read one by one, whatever finders there are. */
  readonly readEachTo: number;
  /** Fewer final blocks than this are read one by one. */
  readonly blocksAtLeast: number;
  readonly onWarning: (line: string) => void;
  /** Called with blocks when they are read, before those before them are handed over. */
  readonly onRead?: (blocks: readonly MappedBlock[]) => void;
  readonly onCovered?: (covered: Covered) => void;
  readonly signal: AbortSignal;
}

/** Pieces that a finder found meanwhile make up one: small ones would be read one by one. */
const PIECES_AHEAD: Ahead = { working: 1, waiting: 16 };
/** Blocks that are read one by one after the last finder has failed, before they are asked again. */
const BLOCKS_WITHOUT_FINDER = 1_000;
const MOST_WITHOUT_FINDER = 16_000;
const REST_MS = 60_000;
/** Blocks by which it is judged whether most of them are hits. */
const DENSE_BLOCKS = 200;
/** Blocks that are searched first: a few more than show that most blocks are hits. */
const FIRST_BLOCKS = 60;
const DENSE_SHARE = 0.5;
/** So many hits of one answer show it too. */
const DENSE_HITS = 50;

type Requests = Parameters<DataSource<MappedBlock, DataRequest>['getFinalizedBlocks']>[0];

/**
 * Gives the processor its final blocks: those that a finder found, read and proven, with the last
 * block of each piece. A finder that fails costs a warning: the next one continues, and after the
 * last one blocks are read one by one for a while.
 */
export class FinalBlocks implements DataSource<MappedBlock, DataRequest> {
  private readonly restsUntil = new Map<Finder, number>();
  private plan: SourcePlan | null = null;
  /** Asked while the first blocks are read one by one. */
  private planning: Promise<SourcePlan> | null = null;
  /** Of the range after the first blocks, which are read one by one meanwhile. */
  private early: Search | null = null;
  /** The newest final block that was asked for. */
  private top = -1;
  /** Up to here most blocks concern us. */
  private denseTo = -1;
  /** Blocks that are read one by one after the next ones of which most are hits. */
  private denseSpan = BLOCKS_WITHOUT_FINDER;
  /** Nothing shows yet whether most blocks from here on are hits. */
  private isUnknown = true;
  private readonly unitSize = new UnitSize();
  private blocksBefore = 0;
  private hitsBefore = 0;

  constructor(private readonly options: SourceOptions) {}

  getFinalizedHeight(): Promise<number> {
    return this.options.perBlock.getFinalizedHeight();
  }

  getBlockHash(height: number): Promise<string | null | undefined> {
    return this.options.perBlock.getBlockHash(height);
  }

  async *getFinalizedBlocks(requests: Requests): AsyncGenerator<Batch<MappedBlock>> {
    const { blocksAtLeast, signal } = this.options;
    for (const { range, request } of requests) {
      const end = range.to ?? Number.POSITIVE_INFINITY;
      let next = range.from;
      while (next <= end) {
        signal.throwIfAborted();
        // What was final stays so: of a range below it, nothing is to be asked again.
        if (this.top < end) this.top = await this.getFinalizedHeight();
        const { top } = this;
        // What is left is read one by one, as the head is.
        if (top < next || top - next + 1 < blocksAtLeast) return;
        const stretch = { from: next, to: Math.min(top, end) };
        this.planAhead(requests, top);
        for await (const batch of this.stretch(stretch, request)) {
          next = (batch.blocks.at(-1)?.header.height ?? next - 1) + 1;
          yield { blocks: batch.blocks, isHead: next > top };
        }
      }
    }
  }

  /** Asks what the endpoints can do, and searches, before the first range to search is due. */
  private planAhead(requests: Requests, top: number): void {
    if (this.plan !== null || this.planning !== null) return;
    for (const { range, request } of requests) {
      const to = Math.min(top, range.to ?? top);
      const isShort = top - range.from + 1 < this.options.blocksAtLeast;
      if (isShort || wantsEveryBlock(wantedOf(request))) continue;
      const ahead = { from: range.from, to };
      this.planning = this.options.plan(ahead, request);
      this.planning.then(
        (plan) => this.searchAhead(plan, ahead, request),
        // It is thrown where the plan is needed.
        () => undefined,
      );
      return;
    }
  }

  private searchAhead(plan: SourcePlan, range: BlockRange, request: DataRequest): void {
    const finder = this.finderOf(plan);
    if (finder === undefined || range.from <= this.eachTo) return;
    const search = this.searchOf(finder, range, request, plan);
    const first = search.parts.next();
    // The code that needs it throws it.
    first.catch(() => undefined);
    this.early = { ...search, parts: continued(first, search.parts) };
  }

  private finderOf({ finders }: SourcePlan): Finder | undefined {
    const now = Date.now();
    return finders.find((candidate) => (this.restsUntil.get(candidate) ?? 0) <= now);
  }

  /** Blocks up to here are read one by one. */
  private get eachTo(): number {
    return Math.max(this.options.readEachTo, this.denseTo);
  }

  private searchOf(
    finder: Finder,
    range: BlockRange,
    request: DataRequest,
    plan: SourcePlan,
  ): Search {
    const failing = new FinderFailure();
    this.unitSize.watch(tracedIn(request).size);
    const units = this.units(finder, range, request, failing);
    const parts = readAhead(this.unitSize, units, (unit) =>
      this.unitSize.whileReading(() => this.read(unit, request, plan)),
    );
    return { finder, from: range.from, request, failing, parts };
  }

  /** The search that was started for this range, if there is one. */
  private takeEarly(finder: Finder, from: number, request: DataRequest): Search | null {
    const { early } = this;
    this.early = null;
    if (early?.finder !== finder || early.from !== from || early.request !== request) return null;
    return early;
  }

  private async planned(range: BlockRange, request: DataRequest): Promise<SourcePlan> {
    const { planning } = this;
    this.planning = null;
    return planning ?? this.options.plan(range, request);
  }

  /** Delivers from the start of a range on; it may stop before the end. */
  private async *stretch(
    range: BlockRange,
    request: DataRequest,
  ): AsyncGenerator<Batch<MappedBlock>> {
    const each = this.eachTo;
    if (wantsEveryBlock(wantedOf(request))) return yield* this.oneByOne(range, request);
    if (range.from <= each) {
      return yield* this.oneByOne({ from: range.from, to: Math.min(range.to, each) }, request);
    }
    this.plan ??= await this.planned(range, request);
    const { plan } = this;
    const finder = this.finderOf(plan);
    if (finder === undefined) {
      if (plan.isProvisional) this.plan = null;
      const to = Math.min(range.to, range.from + BLOCKS_WITHOUT_FINDER - 1);
      return yield* this.oneByOne({ from: range.from, to }, request);
    }
    let next = range.from;
    const { failing, parts } =
      this.takeEarly(finder, range.from, request) ?? this.searchOf(finder, range, request, plan);
    try {
      for await (const some of parts) {
        let isDense = false;
        for (const { covered } of some) {
          next = covered.to + 1;
          this.options.onCovered?.(covered);
          isDense = this.isDense(covered) || isDense;
        }
        yield { blocks: some.flatMap(({ blocks }) => blocks), isHead: false };
        if (isDense) return;
      }
    } catch (error) {
      if (error instanceof ManyChangesError) {
        // Money without call frames in nearly every block, for example.
        this.denseTo = Math.max(this.denseTo, error.to);
        return;
      }
      if (!(error instanceof ForeignBlockError)) throw error;
      failing.error = error;
    }
    if (failing.error !== null) this.rest(finder, next, failing.error);
  }

  /** Whether so many blocks are hits that to find them first costs more than to read each. */
  private isDense({ from, to, hits }: Covered): boolean {
    this.blocksBefore += to - from + 1;
    this.hitsBefore += hits;
    if (this.blocksBefore < DENSE_BLOCKS) return false;
    const isDense = this.hitsBefore / this.blocksBefore > DENSE_SHARE;
    this.blocksBefore = 0;
    this.hitsBefore = 0;
    if (isDense) this.noteDense(to);
    else this.denseSpan = BLOCKS_WITHOUT_FINDER;
    return isDense;
  }

  /** Most of the blocks up to here are hits. */
  private noteDense(to: number): void {
    this.denseTo = to + this.denseSpan;
    // To ask again and again costs more than it saves where most blocks stay hits.
    this.denseSpan = Math.min(2 * this.denseSpan, MOST_WITHOUT_FINDER);
    this.isUnknown = true;
  }

  /** The pieces of a finder in parts that are read at once; ends where the finder fails. */
  private async *units(
    finder: Finder,
    range: BlockRange,
    request: DataRequest,
    failing: FinderFailure,
  ): AsyncGenerator<Searched> {
    const { signal } = this.options;
    let next = range.from;
    let held: Piece | null = null;
    try {
      const height = await finder.height(signal);
      if (height < range.from) throw new Error(`its newest final block is ${height}`);
      const searched = { from: range.from, to: Math.min(range.to, height) };
      const found = this.piecesOf(finder, searched, request);
      for await (const pieces of readAhead(PIECES_AHEAD, found, async (piece) => piece)) {
        const piece = inOne(held === null ? pieces : [held, ...pieces], next, range.to);
        held = this.unitSize.isWorthWaiting(piece.hits.length) ? piece : null;
        if (held !== null) continue;
        // Then it is not worth the while to read and prove the hits one by one.
        if (isMostly(piece, next)) return this.noteDense(piece.to);
        yield* this.unitSize.unitsOf(next, { foundBy: finder.kind, ...piece });
        next = piece.to + 1;
      }
    } catch (error) {
      signal.throwIfAborted();
      failing.error = error;
    }
    if (held !== null) yield* this.unitSize.unitsOf(next, { foundBy: finder.kind, ...held });
  }

  /** A few blocks show whether searching pays, before requests for wide ranges. */
  private async *piecesOf(
    finder: Finder,
    range: BlockRange,
    request: DataRequest,
  ): AsyncGenerator<Piece> {
    const wanted = wantedOf(request);
    const { signal } = this.options;
    if (!this.isUnknown) return yield* finder.find(range, wanted, signal);
    this.isUnknown = false;
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

  private async read(
    unit: Searched,
    request: DataRequest,
    { reader, prover }: SourcePlan,
  ): Promise<ProvenPart> {
    const { patiently, toMappingRequest } = this.options;
    const mapping = toMappingRequest(request);
    return patiently(async () => {
      const heights = unit.hits.map(({ height }) => height);
      // What fails of it is asked again by the proof, which says why.
      const foreseeing = prover.foresee(unit, heights, mapping).catch(() => undefined);
      const [read, [end]] = await Promise.all([
        reader.read(unit.hits, mapping),
        heights.at(-1) === unit.to ? [] : reader.headers([unit.to]),
      ]);
      await foreseeing;
      this.unitSize.measure(read);
      const { blocks, proof } = await prover.prove(unit, read, mapping, unit.foundBy);
      const mapped = blocks.map((block) => block.mapped);
      // The last block is delivered in any case, so that the next start is after it.
      const isEnd = mapped.at(-1)?.header.height === unit.to;
      if (!isEnd && end !== undefined) mapped.push(mapCheckedBlock(end, mapping));
      this.options.onRead?.(mapped);
      const { from, to, foundBy } = unit;
      return {
        covered: { from, to, finder: foundBy, proof, hits: blocks.length },
        blocks: mapped,
      };
    });
  }

  private async *oneByOne(
    range: BlockRange,
    request: DataRequest,
  ): AsyncGenerator<Batch<MappedBlock>> {
    let from = range.from;
    for await (const { blocks } of this.options.perBlock.getFinalizedBlocks(
      [{ range, request }],
      true,
    )) {
      const to = blocks.at(-1)?.header.height ?? from - 1;
      this.options.onCovered?.({
        from,
        to,
        finder: 'blocks',
        proof: 'blocks',
        hits: blocks.length,
      });
      from = to + 1;
      yield { blocks, isHead: false };
    }
  }

  private rest(finder: Finder, block: number, error: unknown): void {
    this.restsUntil.set(finder, Date.now() + REST_MS);
    const reason = error instanceof Error ? error.message : String(error);
    this.options.onWarning(
      `${finder.kind}: ${reason}; blocks from ${block} on are found in another way for a minute${hintOf(error)}`,
    );
  }
}

/** Whether most blocks of a piece are hits. */
function isMostly({ to, hits }: Piece, from: number): boolean {
  return hits.length >= DENSE_HITS && hits.length / (to - from + 1) > DENSE_SHARE;
}

function hintOf(error: unknown): string {
  return error instanceof ImoError ? `. ${error.hint}` : '';
}

/** A part of the chain that was read and proven. */
interface ProvenPart {
  readonly covered: Covered;
  readonly blocks: MappedBlock[];
}

/** A search under way, with what was read of its blocks. */
interface Search {
  readonly finder: Finder;
  readonly from: number;
  readonly request: DataRequest;
  readonly failing: FinderFailure;
  readonly parts: AsyncGenerator<ProvenPart[]>;
}

/** A generator of which the first value was asked for already. */
async function* continued<T>(
  first: Promise<IteratorResult<T>>,
  rest: AsyncGenerator<T>,
): AsyncGenerator<T> {
  try {
    const result = await first;
    if (result.done) return;
    yield result.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** Why a finder has ended early. */
class FinderFailure {
  error: unknown = null;
}
