import type { Address } from '../../../address.js';

/** One call frame, as far as revenue is concerned. */
export interface Frame {
  readonly kind: 'call' | 'creation' | 'selfdestruct';
  /** CALL moves value and changes the storage context; DELEGATECALL does neither. */
  readonly isCall: boolean;
  readonly isDelegateCall: boolean;
  readonly from: Address;
  /** Callee, created contract, or who a self-destruct pays; `null` if a creation failed. */
  readonly to: Address | null;
  /** Wei moved; 0 for frames that only repeat their parent's value. */
  readonly valueWei: bigint;
  /** Call data as hex, `0x` for none. */
  readonly input: string;
  /** The frame or one of its ancestors was reverted: it never happened. */
  readonly reverted: boolean;
  readonly parent: Frame | null;
  /** Input and output of a STATICCALL, if the source knows them. */
  readonly read?: { readonly input: string; readonly output: string };
}

/** A log with its place among the logs of the block. */
export interface LogEntry {
  readonly address: string;
  readonly logIndex: number;
  readonly topics: readonly string[];
  /** What each topic holds if it is an address, where that was read with the log. */
  readonly topicAddresses?: readonly Address[];
  readonly data: string;
}

/**
 * How many frames of a transaction were entered before a log: as far as the source proves it, at
 * least `earliest` and at most `latest`. The place is known where both are the same.
 */
export interface LogPlace {
  readonly earliest: number;
  readonly latest: number;
}

/** Everything one transaction did that may concern a token. */
export interface TransactionRecord {
  readonly transactionIndex: number;
  readonly transactionHash: string;
  /** In execution order, parent before child. */
  readonly frames: readonly Frame[];
  /** In log order. */
  readonly logs: readonly LogEntry[];
  /**
   * For each log its place among `frames`, by a call tree. `null` where logs and frames came
   * separately.
   */
  readonly framesBeforeLog: readonly LogPlace[] | null;
  /** By a call tree: the frame that wrote each log, left out where it can be one or another. */
  readonly frameOfLog?: ReadonlyMap<LogEntry, Frame>;
}

/** First four bytes of call data, `0x` if there are fewer. */
export function selectorOf(input: string): string {
  return input.length >= 10 ? input.slice(0, 10) : '0x';
}
