import type { Address } from '../address.js';
import type { ThreadSettings } from '../chain/source/threads/readingThreads.js';
import type { ChainConfig } from '../config/types.js';
import type { Plan } from '../plan/plan.js';
import type { SqlClient } from '../store/database/sqlClient.js';
import type { JoiningContract } from '../store/joining/joiningBooks.js';

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
  /** Threads that read blocks; default: none. */
  readonly threads?: ThreadSettings;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /**
   * Books the past of joining contracts, e.g. in a process of its own so that the head is not
   * disturbed; default: in this one.
   */
  readonly joinApart?: (task: JoiningTask) => Promise<void>;
  /** How far joining books are; `null`: none join any more. */
  readonly onJoining?: (progress: JoiningStep | null) => void;
}

/** Contracts whose past is to be booked next to the live books. */
export interface JoiningTask {
  readonly contracts: readonly JoiningContract[];
  /** The last block. */
  readonly toBlock: number;
  readonly onProgress: (progress: IndexProgress) => void;
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How far joining books are. */
export interface JoiningStep {
  readonly contracts: number;
  readonly progress: IndexProgress;
}

/** How the books of one key are indexed. */
export interface BooksOptions extends Omit<IndexerOptions, 'joinApart' | 'onJoining'> {
  /** All contracts of the chain, where `chain` has only those that join. */
  readonly whole?: ChainConfig;
  /**
   * Called with what the config changes, before anything of it is applied, with the config and what
   * its factories created, and with a connection to read on.
   */
  readonly onPlan?: (
    plan: Plan,
    effective: { readonly chain: ChainConfig; readonly created: ReadonlySet<Address> },
    db: SqlClient,
  ) => Promise<void>;
  /** Called in the transaction that opens the books. */
  readonly onOpened?: (db: SqlClient) => Promise<void>;
}
