import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import type { FIELDS, SourceBlock } from '../../chain/reading/source.js';
import type { TransactionRecord } from '../../chain/reading/tree/frames.js';
import type { RowBuffer } from '../../store/write/rows/rowBuffer.js';

/** Where a desk books to. */
export interface BookingTarget {
  readonly chainId: number;
  /** Sees every committed row and, in a transaction, that transaction's own. */
  readonly db: ClientBase;
  readonly rows: RowBuffer;
  /** The books must be exact at the last of the blocks: a commit follows. */
  readonly settle: boolean;
  /** Figures will be compared with the contracts at the last block. */
  readonly compares?: boolean;
  /** Addresses of contracts whose books have ended: nothing of these blocks is booked for them. */
  readonly held: ReadonlySet<string>;
}

/** Writes inside the transaction of a commit. */
export type CommitWork = (client: ClientBase) => Promise<void>;

/**
 * Keeps the books of all contracts of one kind on a chain. Desks know nothing of each
 * other: each asks the processor for what it needs, and books the blocks that come.
 */
export interface Desk {
  /** First block that the desk needs. */
  readonly startBlock: number;
  /** Numbers of its contracts, as they begin the ids of their rows. */
  readonly contractNumbers: readonly number[];
  /** Adds its requests to the processor's. */
  request(processor: EvmBatchProcessor<typeof FIELDS>): void;
  /**
   * Compares figures with the contracts at the end of a block that is booked.
   *
   * @throws ImoError `RPC_BOOKS_DIFFER`
   */
  compare?(block: number, held: ReadonlySet<string>): Promise<void>;
  /** The transactions of a block whose order only a call tree shows: the run reads it ahead. */
  unplaced?(block: SourceBlock): readonly TransactionRecord[];
  /** What its contracts hold outside of their own state, as far as it is known by now. */
  watchedAssets?(): readonly { readonly asset: Address; readonly holder: Address }[];
  /** Reads its running state again from the database, which is at block `height`. */
  open(db: ClientBase, height: number): Promise<void>;
  /**
   * Books a run of blocks; returns the number of operations.
   *
   * @throws ContractTroubleError where the books of one contract cannot continue
   */
  book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number>;
  /** Takes out what has to be done after the rows of this commit are written. */
  takeCommitWork(): CommitWork;
  /** It holds more in memory than it should, and would like `allCommitted` to be called. */
  readonly isLarge: boolean;
  /** All that was booked is committed: what can be read again may be forgotten. */
  allCommitted(): void;
}
