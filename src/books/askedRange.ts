import { ImoError } from '../errors.js';
import { unixTimeHint } from '../momentText.js';
import { type AsOf, type Moment, notIndexed } from '../store/read/chains/asOf.js';
import type { ChainHead } from '../store/read/chains/chainHeads.js';
import { readBlockRanges } from '../store/read/operations/operationWindows.js';
import type { Range } from '../store/read/query/decode.js';
import type { Queryable } from '../store/read/query/queryable.js';

/** The blocks and times that a question is about; both ends belong to it. */
export interface AskedRange {
  readonly block?: Range<number> | null;
  readonly timestamp?: Range<Date> | null;
  /**
   * Whether every chain must be indexed to its end, as for a file that names the period. A list may
   * go up to a time that has not come yet: its answer names its block.
   */
  readonly isWhole: boolean;
  /** The moment that the client named for the answer. */
  readonly at?: Moment | null;
}

/**
 * Rejects a range that selects nothing: one that ends before it starts, or that lies beyond what is
 * indexed. The answer would be empty and seem right.
 *
 * @param moments by chain id, of the chains that are read
 * @throws ImoError `BAD_RANGE` or `BLOCK_NOT_INDEXED`
 */
export function assertIndexedRange(
  heads: ReadonlyMap<number, ChainHead>,
  moments: ReadonlyMap<number, AsOf>,
  { block, timestamp, isWhole }: AskedRange,
): void {
  assertForward('block', block);
  assertForward('time', timestamp);
  const read = [...moments.keys()].flatMap((chainId) => heads.get(chainId) ?? []);
  const assertReached = (isBeyond: (head: ChainHead) => boolean, asked: string, meant?: string) => {
    const beyond = read.filter(isBeyond);
    const [first] = beyond;
    if (first === undefined || (!isWhole && beyond.length < read.length)) return;
    throw notIndexed(first, asked, meant ?? null);
  };
  for (const bound of [block?.gte, block?.lte]) {
    if (bound == null) continue;
    const meant = unixTimeHint(bound) ?? undefined;
    assertReached((head) => bound > head.block, `block ${bound}`, meant);
  }
  for (const bound of [timestamp?.gte, isWhole ? timestamp?.lte : null]) {
    if (bound == null) continue;
    const isLater = ({ timestamp: newest }: ChainHead) => newest !== null && bound > newest;
    assertReached(isLater, `time ${bound.toISOString()}`);
  }
}

/**
 * Rejects a range that starts after the moment of the answer on every chain: nothing of it can be known there.
 *
 * @throws ImoError `BAD_RANGE`
 */
export async function assertBeforeMoments(
  db: Queryable,
  moments: readonly AsOf[],
  { block, timestamp, at }: AskedRange,
): Promise<void> {
  const first = block?.gte ?? null;
  if (first !== null && moments.every((moment) => moment.block < first)) {
    throw afterMoment(`block ${first}`, moments);
  }
  const from = timestamp?.gte ?? null;
  if (from === null || moments.some(({ isNewest }) => isNewest)) return;
  const chains = moments.map(({ chainId }) => ({ chainId, from: null, to: from }));
  const before = await readBlockRanges(db, chains);
  const isAfter = (moment: AsOf) => {
    const time = at?.timestamp ?? moment.timestamp;
    const known = before.get(moment.chainId)?.lte ?? -1;
    return (time !== null && from > time) || known > moment.block;
  };
  if (moments.every(isAfter)) throw afterMoment(from.toISOString(), moments);
}

function afterMoment(start: string, moments: readonly AsOf[]): ImoError {
  const at = moments.map(({ chainId, block }) => `block ${block} of chain ${chainId}`).join(', ');
  return new ImoError(
    'BAD_RANGE',
    `the range starts at ${start}, after the moment of the answer: ${at}`,
    'Ask about an earlier start, or about a later moment with "at".',
  );
}

/** @throws ImoError `BAD_RANGE` */
export function assertForward(
  what: string,
  range: Range<number> | Range<Date> | Range<bigint> | null | undefined,
): void {
  const { gte, lte } = range ?? {};
  if (gte == null || lte == null || gte <= lte) return;
  const [from, to] = [gte, lte].map((end) => (end instanceof Date ? end.toISOString() : end));
  throw new ImoError(
    'BAD_RANGE',
    `the range of ${what} starts at ${from}, after its end at ${to}`,
    'Both ends belong to the range; swap them.',
  );
}
