import type {
  LogRequest,
  TraceRequest,
} from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { FinderKind } from '../../../config/source/finderKinds.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';

/** What a range of blocks is searched for: the logs and call frames of the processor's request. */
export interface Wanted {
  readonly logs: readonly LogRequest[];
  readonly traces: readonly TraceRequest[];
}

/** A block that holds something wanted. */
export interface Hit {
  readonly height: number;
  /** By the finder's own account, where it tells: a reader that finds another one refuses it. */
  readonly hash?: string;
  /**
   * Every transaction with a wanted frame, by its hash; those with wanted logs may be missing.
   * `null` where the finder does not tell: all transactions of the block are traced.
   */
  readonly transactions: readonly string[] | null;
}

/** A part of a range, searched up to and including block `to`. */
export interface Piece {
  readonly to: number;
  /** Ascending by height, without duplicates, none above `to`. */
  readonly hits: readonly Hit[];
  /** Who found them, where it was not the finder that hands them over. */
  readonly foundBy?: FinderKind;
}

/**
 * Finds the blocks of a range that hold something wanted. It only finds: what the blocks hold is
 * read and proven elsewhere, so that an omission or an invention is noticed.
 */
export interface Finder {
  readonly kind: FinderKind;
  /** For people: the endpoint without its key, and what it can do. */
  describe(): string;
  /** The last final block that it knows. */
  height(signal: AbortSignal): Promise<number>;
  /**
   * Yields pieces in ascending order that cover the range without gaps from its start. It may stop
   * before the end: the caller asks again from the last `to` + 1. It retries what passes, and
   * throws what does not: the caller then takes the next finder.
   */
  find(range: BlockRange, wanted: Wanted, signal: AbortSignal): AsyncIterable<Piece>;
}
