import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { Batch, DataSource } from '@subsquid/util-internal-processor-tools';
import type { FinderKind } from '../../config/source/finderKinds.js';
import { ImoError } from '../../errors.js';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import { DenseStretches } from './denseStretches.js';
import type { Finder } from './finders/finder.js';
import { FinderFailure, foundUnits } from './foundUnits.js';
import { mapCheckedBlock } from './mapBlocks.js';
import type { MappedBlock, ProofKind } from './mappedBlock.js';
import type { GapProof } from './proofs/gapProof.js';
import { ManyChangesError } from './proofs/stateChanges.js';
import { readAhead } from './readAhead.js';
import { type BlockReader, ForeignBlockError } from './reader.js';
import { type Searched, UnitSize } from './units.js';
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

/** Blocks that are read one by one after the last finder has failed, before they are asked again. */
const BLOCKS_WITHOUT_FINDER = 1_000;
const REST_MS = 60_000;
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
  private readonly dense = new DenseStretches();
  private readonly unitSize = new UnitSize();

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
    return Math.max(this.options.readEachTo, this.dense.end);
  }

  private searchOf(
    finder: Finder,
    range: BlockRange,
    request: DataRequest,
    plan: SourcePlan,
  ): Search {
    const failing = new FinderFailure();
    this.unitSize.watch(tracedIn(request).size);
    const { unitSize, dense } = this;
    const { signal } = this.options;
    const units = foundUnits(finder, range, request, failing, { unitSize, dense, signal });
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
          isDense = this.dense.isShownBy(covered) || isDense;
        }
        yield { blocks: some.flatMap(({ blocks }) => blocks), isHead: false };
        if (isDense) return;
      }
    } catch (error) {
      if (error instanceof ManyChangesError) {
        // Money without call frames in nearly every block, for example.
        this.dense.atLeast(error.to);
        return;
      }
      if (!(error instanceof ForeignBlockError)) throw error;
      failing.error = error;
    }
    if (failing.error !== null) this.rest(finder, next, failing.error);
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
