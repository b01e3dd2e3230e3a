import type { ChainNode } from '../../chain/node.js';
import type { TraceSupport } from '../../chain/sourceCheck.js';

/** A way to read the call frames of blocks. */
export interface FrameWay {
  readonly preferTraceApi: boolean;
  /** Asks for each transaction alone. */
  readonly byTransaction: boolean;
}

/** How long a way may take that is not the usual one: its node may never answer by it. */
const WAY_WITHIN_MS = 60_000;

const NO_TRANSACTION = `0x${'0'.repeat(64)}`;

/** A block that did not add up is committed: the others are read as usual again. */
export class DoubtOverError extends Error {
  override readonly name = 'DoubtOverError';
}

/** A block that did not add up cannot be read by one of the ways. */
export class WayFailedError extends Error {
  override readonly name = 'WayFailedError';
}

/**
 * Chooses how the frames of blocks are read. A block that does not add up is read by each way from each
 * endpoint before it is believed: first from each in the usual way, then in the next.
 */
export class FrameWays {
  private readings = 0;
  private block: number | null = null;
  private ways: readonly FrameWay[] = [];

  constructor(private readonly endpoints: number) {}

  /** Readings of one block by which every endpoint was heard in every way. */
  get allReadings(): number {
    return this.endpoints * Math.max(1, this.ways.length);
  }

  /** A block does not add up: read it again. */
  doubt(block: number): void {
    // A doubt about an earlier block starts again, with the known ways.
    if (this.block === null || block < this.block) this.readings = 0;
    this.block = block;
    this.readings++;
  }

  /** Nothing is doubted any more. */
  settle(): void {
    this.block = null;
    this.readings = 0;
  }

  /** The way of now leads nowhere: every endpoint counts as heard in it. */
  giveUp(): void {
    this.readings = (Math.floor(this.readings / this.endpoints) + 1) * this.endpoints;
  }

  /** Finds out what the nodes can do, and returns how the next attempt reads. */
  async choose(node: ChainNode, support: TraceSupport): Promise<FrameWay> {
    const usual = { preferTraceApi: support.traceBlock, byTransaction: false };
    // Nodes are asked what they can do only where it matters.
    if (this.readings === 0) return usual;
    if (this.ways.length === 0) this.ways = await waysOf(node, support, usual);
    const at = Math.floor(this.readings / this.endpoints) % this.ways.length;
    return this.ways[at] ?? usual;
  }

  /** Ends an attempt when the block that it is about is over, or when it takes too long. */
  watch(way: FrameWay, fail: (error: Error) => void): WayWatch {
    const { block } = this;
    if (block === null || this.ways.length === 0 || way === this.ways[0]) return NOTHING_DOUBTED;
    const timer = setTimeout(() => fail(new WayFailedError()), WAY_WITHIN_MS);
    return {
      committed: (height) => {
        if (height >= block) fail(new DoubtOverError());
      },
      stop: () => clearTimeout(timer),
    };
  }
}

/** Looks after an attempt that reads in another way than usual. */
export interface WayWatch {
  committed(height: number): void;
  stop(): void;
}

const NOTHING_DOUBTED: WayWatch = { committed: () => undefined, stop: () => undefined };

async function waysOf(
  node: ChainNode,
  { traceBlock, debugTrace }: TraceSupport,
  usual: FrameWay,
): Promise<FrameWay[]> {
  const ways = [usual];
  if (traceBlock && debugTrace) ways.push({ preferTraceApi: false, byTransaction: false });
  // A node that knows the method says that there is no such transaction.
  const tracer = { tracer: 'callTracer' };
  if (debugTrace && (await node.serves('debug_traceTransaction', [NO_TRANSACTION, tracer]))) {
    ways.push({ preferTraceApi: false, byTransaction: true });
  } else if (traceBlock && (await node.serves('trace_transaction', [NO_TRANSACTION]))) {
    ways.push({ preferTraceApi: true, byTransaction: true });
  }
  return ways;
}
