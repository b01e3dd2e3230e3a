import type { ChainConfig } from '../config/types.js';

/** How far indexing has come; sent after every batch of blocks and after every commit. */
export interface IndexProgress {
  /** Newest block whose rows are committed. */
  readonly indexedBlock: number;
  /** Newest block that is booked; ahead of the former while a commit gathers. */
  readonly bookedBlock: number;
  readonly headBlock: number;
  /** First block of the oldest token. */
  readonly startBlock: number;
  /** Blocks that concern a contract, of those read since the start of this process. */
  readonly hits: number;
  /** Booked since the start of this process. */
  readonly operations: number;
  /** Since the start of this process. */
  readonly commits: number;
  /** The backfill is over: blocks come in one by one. */
  readonly onTop: boolean;
}

export interface IndexerOptions {
  readonly chain: ChainConfig;
  /**
   * PostgreSQL URL, with several hosts if the database may move; or what tells it, asked again
   * whenever the database was lost.
   */
  readonly databaseUrl: string | (() => Promise<string>);
  /** Stop when this block is committed; `null`: follow the chain. */
  readonly toBlock: number | null;
  readonly onProgress: (progress: IndexProgress) => void;
  /** Warnings of the libraries, without secrets. */
  readonly onWarning?: (line: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}
