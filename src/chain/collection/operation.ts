import type { Address } from '../../address.js';
import type { DataLog, TransferLog } from './collectionLogs.js';
import type { LoggedRequest } from './requestLogs.js';

/** What a transaction did to one collection, in the order in which it is booked. */
export type CollectionOperation =
  | ContentSeen
  | ModelAsked
  | MintPayment
  | TokensMoved
  | DataWritten
  | RevenuePassedOn;

interface InTransaction {
  readonly transactionIndex: number;
  readonly transactionHash: string;
}

/** A call with an argument: if the caller is an oracle, it may answer the request of that id. */
export interface PossibleAnswer {
  readonly caller: Address;
  readonly firstArgument: bigint;
}

/** The innermost call from outside into the collection in which something happened. */
export interface Entry {
  /** `msg.sender` of the call. */
  readonly caller: Address;
  /** The call itself and those around it, the innermost first. */
  readonly answers: readonly PossibleAnswer[];
}

/** Prompt or content was seen; it may belong to logs of this or of later transactions. */
export interface ContentSeen extends InTransaction {
  readonly kind: 'content';
  /** keccak-256. */
  readonly hash: string;
  readonly bytes: string;
  /** In a log, in call data, or in what a model was asked. */
  readonly seenIn: 'log' | 'call' | 'request';
  /** The call that should have written its log, if any. */
  readonly entry: Entry | null;
}

export interface ModelAsked extends InTransaction, Omit<LoggedRequest, 'input'> {
  readonly kind: 'request';
  readonly logIndex: number;
  /** keccak-256 of the input. */
  readonly inputHash: string;
  /** The collection itself called the oracle. A log alone proves nothing: anybody writes logs. */
  readonly isOwn: boolean;
}

/** One call in which tokens were minted, with the money that came in with it. */
export interface MintPayment extends InTransaction {
  readonly kind: 'payment';
  /** `msg.sender` of the call. */
  readonly payer: Address;
  /** Who signed the transaction. */
  readonly sender: Address;
  readonly paidWei: bigint;
  /** First four bytes of the call data; `null` for a creation or a plain payment. */
  readonly selector: string | null;
  /** Tokens that the call minted. */
  readonly mintCount: bigint;
}

export interface TokensMoved extends InTransaction, TransferLog {
  readonly logIndex: number;
  /** Of a mint: the call that minted. */
  readonly payment: MintPayment | null;
}

export interface DataWritten extends InTransaction, DataLog {
  readonly logIndex: number;
  readonly entry: Entry;
  /** The same call minted the token. */
  readonly isMintCall: boolean;
}

/** Money that reached a revenue token in a transaction that minted. */
export interface RevenuePassedOn extends InTransaction {
  readonly kind: 'revenue';
  /** The mint it belongs to; `null` if it is one of several and nothing tells which. */
  readonly payment: MintPayment | null;
  /** Paid inside the mint's call, or outside it by the contract that minted. */
  readonly isInside: boolean;
  /** How many calls that minted it may belong to. */
  readonly mintCalls: number;
  /** The revenue token. */
  readonly token: Address;
  /** Who paid the token: the last one on the way. */
  readonly payer: Address;
  readonly amountWei: bigint;
}
