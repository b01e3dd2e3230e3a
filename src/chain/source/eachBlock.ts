import { setTimeout as delay } from 'node:timers/promises';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { Batch, DataSource } from '@subsquid/util-internal-processor-tools';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import type { MappedBlock } from './mappedBlock.js';
import { type Ahead, readAhead } from './readAhead.js';

/** Blocks of a part before anything is known of them. */
const FIRST_BLOCKS = 4;
/** A request costs as much as a few small blocks: more at once save nothing. */
const MOST_BLOCKS = 50;
/** What a part may hold, in transactions, logs and call frames: a few megabytes of JSON, of which several parts wait. */
const ITEMS = 4_000;
const GROWTH = 2;

/** The blocks of a part, and how many transactions, logs and frames were read for them. */
export interface ReadPart {
  readonly blocks: MappedBlock[];
  readonly items: number;
}

export interface EachBlockOptions {
  readonly finalizedHeight: () => Promise<number>;
  readonly readPart: (range: BlockRange, request: DataRequest) => Promise<ReadPart>;
  /** Parts that are read at the same time, and those that wait: all that wait are delivered together. */
  readonly ahead: Ahead;
  /** How long to wait for new blocks where the head is not followed by other means. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

type Requests = Parameters<DataSource<MappedBlock, DataRequest>['getFinalizedBlocks']>[0];

interface Part extends BlockRange {
  readonly request: DataRequest;
  readonly isHead: boolean;
}

/**
 * Reads every final block, in parts that are as large as the blocks are small: with little in
 * them, most of the time goes into requests; with much in them, large parts take memory.
 *
 * @param stopOnHead ends after the newest final block instead of waiting for the next one
 */
export async function* eachBlock(
  options: EachBlockOptions,
  requests: Requests,
  stopOnHead: boolean,
): AsyncGenerator<Batch<MappedBlock>> {
  const size = new PartSize();
  const parts = partsOf(options, requests, stopOnHead, size);
  const reads = readAhead(options.ahead, parts, async ({ request, isHead, ...range }) => {
    const { blocks, items } = await options.readPart(range, request);
    size.note(blocks.length, items);
    return { blocks, isHead };
  });
  for await (const ready of reads) {
    // To book them costs the same number of questions to a far node as one of them.
    yield {
      blocks: ready.flatMap(({ blocks }) => blocks),
      isHead: ready.at(-1)?.isHead ?? false,
    };
  }
}

async function* partsOf(
  { finalizedHeight, pollMs, signal }: EachBlockOptions,
  requests: Requests,
  stopOnHead: boolean,
  size: PartSize,
): AsyncGenerator<Part> {
  let top = await finalizedHeight();
  for (const { range, request } of requests) {
    const end = range.to ?? Number.POSITIVE_INFINITY;
    let from = range.from;
    while (from <= end) {
      if (top < from) top = await finalizedHeight();
      if (top < from) {
        if (stopOnHead) return;
        await delay(pollMs, undefined, { signal });
        continue;
      }
      const to = Math.min(from + size.blocks - 1, top, end);
      if (to === top) top = await finalizedHeight();
      yield { from, to, request, isHead: to >= top };
      from = to + 1;
    }
  }
}

/** How many blocks a part has, by what the last ones held. */
class PartSize {
  blocks = FIRST_BLOCKS;

  note(blocks: number, items: number): void {
    const fitting = Math.floor((ITEMS * blocks) / Math.max(items, 1));
    this.blocks = Math.max(1, Math.min(fitting, GROWTH * this.blocks, MOST_BLOCKS));
  }
}

/** What was read of a block, in transactions, logs and call frames. */
export function itemsOf({ block, logs = [], traceReplays = [], debugFrames = [] }: Block): number {
  const traced = traceReplays.reduce((sum, { trace = [] }) => sum + trace.length, 0);
  return block.transactions.length + logs.length + traced + debugFrames.length;
}
