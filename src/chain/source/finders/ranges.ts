import { RpcError } from '@subsquid/rpc-client';
import type { PooledClient } from '../../rpc/connection/pooledClient.js';
import { AnswerError } from '../../rpc/endpoints/answerFault.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import { mayBeTooMuch } from '../../rpc/endpoints/refusal.js';
import { chunks, logQueries, tracedAddresses } from '../wanted.js';
import type { Finder, Hit, Piece, Wanted } from './finder.js';
import { inOrder } from './inOrder.js';
import { RangeWidth } from './rangeWidth.js';

const WINDOWS_AT_ONCE = 4;
const ADDRESSES_AT_ONCE = 50;
/** Answers of the wrong form in a row before the finder gives up. */
const READINGS = 4;

const NUMBER = /^0x[0-9a-fA-F]+$/;
const HASH = /^0x[0-9a-fA-F]{64}$/;

/** A question about a range: what it asks, and how its answer is read. */
interface RangeQuery {
  readonly method: 'eth_getLogs' | 'trace_filter';
  readonly filter: object;
}

/** Something wanted in a block; a log names no transaction, as the receipts tell it anyway. */
interface Entry {
  readonly height: number;
  readonly transaction: string | null;
}

interface Answer {
  readonly entries: Entry[];
  /** How long the list was that the node sent. */
  readonly listed: number;
}

export interface RangesOptions {
  readonly client: PooledClient;
  /** The last final block. */
  readonly finalHeight: (signal: AbortSignal) => Promise<number>;
  /** Call frames are found too; else only blocks with logs. */
  readonly hasTraceFilter: boolean;
  /** Blocks that one question asks for at most. */
  readonly blocksAtOnce?: number | undefined;
}

/**
 * Finds blocks by `eth_getLogs` and `trace_filter` over ranges of blocks. The pool of endpoints
 * halves a range that is refused and remembers how wide each endpoint answers; here ranges grow
 * while answers come fast.
 */
export class RangesFinder implements Finder {
  readonly kind = 'ranges';
  private readonly width: RangeWidth;

  constructor(private readonly options: RangesOptions) {
    this.width = new RangeWidth(options.blocksAtOnce);
  }

  describe(): string {
    const { client, hasTraceFilter } = this.options;
    return `${client.displayUrl}: ${hasTraceFilter ? 'eth_getLogs and trace_filter' : 'eth_getLogs'} by ranges`;
  }

  height(signal: AbortSignal): Promise<number> {
    return this.options.finalHeight(signal);
  }

  find(range: BlockRange, wanted: Wanted, signal: AbortSignal): AsyncIterable<Piece> {
    const queries = queriesOf(wanted, this.options.hasTraceFilter);
    return inOrder(WINDOWS_AT_ONCE, this.windows(range), (window) =>
      this.search(window, queries, signal),
    );
  }

  private async *windows({ from, to }: BlockRange): AsyncGenerator<BlockRange> {
    for (let start = from; start <= to; ) {
      const width = this.width.next();
      const end = Math.min(start + width - 1, to);
      yield { from: start, to: end };
      start = end + 1;
    }
  }

  private async search(
    window: BlockRange,
    queries: readonly RangeQuery[],
    signal: AbortSignal,
  ): Promise<Piece> {
    const startedAt = performance.now();
    const answers = await Promise.all(queries.map((query) => this.ask(query, window, signal)));
    const entries = answers.flat();
    this.width.answered(window, entries.length, performance.now() - startedAt);
    return { to: window.to, hits: hitsOf(entries) };
  }

  /** Asks for a range, in halves where it is refused or was cut short. */
  private async ask(query: RangeQuery, range: BlockRange, signal: AbortSignal): Promise<Entry[]> {
    signal.throwIfAborted();
    const whole = await this.unlessRefused(query, range);
    if (whole !== null && !looksCut(whole.listed)) return whole.entries;
    // Even one block is too much to be listed: it is read as a whole.
    if (range.from === range.to) return [{ height: range.from, transaction: ANY }];
    const middle = Math.floor((range.from + range.to) / 2);
    const halves = [
      { from: range.from, to: middle },
      { from: middle + 1, to: range.to },
    ];
    const entries: Entry[] = [];
    let listed = 0;
    const answers = await Promise.all(halves.map((half) => this.unlessRefused(query, half)));
    for (const answer of answers) listed += answer?.listed ?? Number.NaN;
    // What is cut off of a list comes with its halves.
    if (whole !== null && listed === whole.listed) return whole.entries;
    for (const [index, half] of halves.entries()) {
      const answer = answers[index] ?? null;
      const isWhole = answer !== null && !looksCut(answer.listed);
      entries.push(...(isWhole ? answer.entries : await this.ask(query, half, signal)));
    }
    return entries;
  }

  private async unlessRefused(query: RangeQuery, range: BlockRange): Promise<Answer | null> {
    try {
      return await this.askOnce(query, range);
    } catch (error) {
      if (!(error instanceof RpcError) || !mayBeTooMuch(error)) throw error;
      return null;
    }
  }

  private async askOnce({ method, filter }: RangeQuery, range: BlockRange): Promise<Answer> {
    const { client } = this.options;
    const params = [{ ...filter, fromBlock: hex(range.from), toBlock: hex(range.to) }];
    for (let reading = 1; ; reading++) {
      const answer: unknown = await client.call(method, params, { priority: range.from });
      const entries = method === 'eth_getLogs' ? entriesOfLogs(answer) : entriesOfFrames(answer);
      const isGood = entries?.every(({ height: at }) => at >= range.from && at <= range.to);
      if (Array.isArray(answer) && entries !== null && isGood) {
        return { entries, listed: answer.length };
      }
      client.distrust(method);
      if (reading < READINGS) continue;
      const asked = { method, endpoint: client.endpointOf(method) };
      const where = `blocks ${range.from} to ${range.to}`;
      throw new AnswerError(asked, `the answer is not a list for ${where}`);
    }
  }
}

/** In place of a transaction: any of the block may be it. */
const ANY = '*';

function queriesOf(wanted: Wanted, hasTraceFilter: boolean): RangeQuery[] {
  const queries: RangeQuery[] = logQueries(wanted).map((filter) => ({
    method: 'eth_getLogs',
    filter,
  }));
  if (!hasTraceFilter) return queries;
  // A contract acts when it is called: what it calls itself is in the same transaction.
  for (const toAddress of chunks(tracedAddresses(wanted), ADDRESSES_AT_ONCE)) {
    queries.push({ method: 'trace_filter', filter: { toAddress } });
  }
  return queries;
}

/** `null`: one has another form. Without a schema, which takes ten times as long. */
function entriesOfLogs(answer: unknown): Entry[] | null {
  if (!Array.isArray(answer)) return null;
  const entries: Entry[] = [];
  for (const log of answer as readonly unknown[]) {
    const at = isObject(log) ? heightOf(log.blockNumber) : null;
    if (at === null) return null;
    entries.push({ height: at, transaction: null });
  }
  return entries;
}

/** Static and failed calls change nothing. `null`: one has another form. */
function entriesOfFrames(answer: unknown): Entry[] | null {
  if (!Array.isArray(answer)) return null;
  const entries: Entry[] = [];
  for (const frame of answer as readonly unknown[]) {
    if (!isObject(frame)) return null;
    const { transactionHash, error, action } = frame;
    const at = heightOf(frame.blockNumber);
    const callType = isObject(action) ? action.callType : null;
    const isReadable =
      isTextOrNone(transactionHash) &&
      HASH.test(transactionHash ?? NO_HASH) &&
      (isObject(action) || action === null || action === undefined) &&
      isTextOrNone(callType);
    if (at === null || !isReadable) return null;
    if (callType === 'staticcall' || error) continue;
    entries.push({ height: at, transaction: transactionHash?.toLowerCase() ?? ANY });
  }
  return entries;
}

/** Of a frame that belongs to no transaction. */
const NO_HASH = `0x${'0'.repeat(64)}`;

function heightOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isTextOrNone(value: unknown): value is string | null | undefined {
  return typeof value === 'string' || value === null || value === undefined;
}

/** Some endpoints cut long lists without a word, at a round number. */
function looksCut(listed: number): boolean {
  return listed >= 100 && listed % 100 === 0;
}

function hitsOf(entries: readonly Entry[]): Hit[] {
  const found = new Map<number, Set<string>>();
  for (const { height: at, transaction } of entries) {
    const transactions = found.get(at) ?? new Set();
    if (transaction !== null) transactions.add(transaction);
    found.set(at, transactions);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([at, transactions]) => ({
      height: at,
      transactions: transactions.has(ANY) ? null : [...transactions],
    }));
}

function hex(block: number): string {
  return `0x${block.toString(16)}`;
}
