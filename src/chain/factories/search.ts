import { type FactoryConfig } from '../../config/factories/factories.js';
import type { ChainNode, PastLog } from '../node.js';
import type { BlockRange } from '../rpc/endpoints/rangeLimit.js';
import type { Finder, Wanted } from '../source/finders/finder.js';
import { type Creation, CreationReader } from './creations.js';

/** Blocks and hits that one question for logs spans, at most. */
const SPAN_BLOCKS = 500;
const SPAN_HITS = 50;
const QUESTIONS_AT_ONCE = 10;

export interface SearchOptions {
  readonly factories: readonly FactoryConfig[];
  readonly range: BlockRange;
  /** The best first; one that fails is followed by the next one. */
  readonly finders: readonly Finder[];
  readonly node: ChainNode;
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface FoundCreations {
  readonly creations: readonly Creation[];
  /** Logs of the events whose fields are not those of the config. */
  readonly unreadable: number;
  /** Up to here the range was searched. */
  readonly searchedTo: number;
}

/**
 * Finds what factories created in final blocks: a finder names the blocks, and a node gives their logs. Nothing is
 * proven by that. The indexer compares every creation with the block when it books it.
 */
export async function searchCreations(options: SearchOptions): Promise<FoundCreations> {
  const { heights, searchedTo } = await hitsOf(options);
  return { ...(await creationsAt(options, heights)), searchedTo };
}

/** What factories created in a few blocks, by the logs that a node gives of all of them. */
export async function readCreations(
  options: Pick<SearchOptions, 'factories' | 'node' | 'signal'>,
  { from, to }: BlockRange,
): Promise<Omit<FoundCreations, 'searchedTo'>> {
  const heights = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return creationsAt(options, heights);
}

async function creationsAt(
  options: Pick<SearchOptions, 'factories' | 'node' | 'signal'>,
  heights: readonly number[],
): Promise<Omit<FoundCreations, 'searchedTo'>> {
  const reader = new CreationReader(options.factories);
  const found: Creation[] = [];
  let unreadable = 0;
  for (const [block, logs] of await logsAt(options, heights)) {
    const [{ blockHash = '' } = {}] = logs;
    const read = reader.read(logs, { number: block, hash: blockHash });
    found.push(...read.creations);
    unreadable += read.unreadable;
  }
  return { creations: found, unreadable };
}

/** The blocks with a wanted log, ascending, by the finders. */
async function hitsOf({
  factories,
  range,
  finders,
  onWarning,
  signal,
}: SearchOptions): Promise<{ readonly heights: readonly number[]; readonly searchedTo: number }> {
  const logs = factories.map(({ factory, event }) => ({
    address: [factory],
    topic0: [event.topic],
  }));
  const wanted: Wanted = { logs, traces: [] };
  const heights: number[] = [];
  let next = range.from;
  for (const finder of finders) {
    try {
      const to = Math.min(range.to, await finder.height(signal));
      while (next <= to) {
        const before = next;
        for await (const piece of finder.find({ from: next, to }, wanted, signal)) {
          heights.push(...piece.hits.map(({ height }) => height));
          next = piece.to + 1;
        }
        if (next === before) break;
      }
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      onWarning(
        `${finder.kind}: ${reason}; factories are searched from block ${next} on in another way`,
      );
    }
    if (next > range.to) break;
  }
  return { heights, searchedTo: next - 1 };
}

/** The wanted logs of blocks, by block. */
async function logsAt(
  { factories, node, signal }: Pick<SearchOptions, 'factories' | 'node' | 'signal'>,
  heights: readonly number[],
): Promise<Map<number, PastLog[]>> {
  const sources = new Map(
    factories.map((one) => [`${one.factory} ${one.event.topic}`, one] as const),
  );
  const questions = spansOf(heights).flatMap((span) =>
    [...sources.values()].map(({ factory, event }) => ({ factory, topic: event.topic, span })),
  );
  const found = new Map<number, PastLog[]>();
  for (let start = 0; start < questions.length; start += QUESTIONS_AT_ONCE) {
    signal.throwIfAborted();
    const some = questions.slice(start, start + QUESTIONS_AT_ONCE);
    const answers = await Promise.all(
      some.map(({ factory, topic, span }) => node.logs(factory, topic, span)),
    );
    for (const log of answers.flat()) {
      found.set(log.blockNumber, [...(found.get(log.blockNumber) ?? []), log]);
    }
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

function spansOf(heights: readonly number[]): BlockRange[] {
  const spans: { from: number; to: number; hits: number }[] = [];
  for (const height of heights) {
    const last = spans.at(-1);
    if (last !== undefined && height - last.from < SPAN_BLOCKS && last.hits < SPAN_HITS) {
      last.to = height;
      last.hits++;
    } else spans.push({ from: height, to: height, hits: 1 });
  }
  return spans.map(({ from, to }) => ({ from, to }));
}
