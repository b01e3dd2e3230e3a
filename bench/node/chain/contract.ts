import type { Address } from '../../../src/address.js';
import type { EmittedLog, Frame } from './frame.js';

/** A call of a contract. */
export interface ContractCall {
  readonly from: Address;
  readonly valueWei: bigint;
  readonly data: string;
  /** Of its block, in seconds. */
  readonly time: number;
}

/** What a call returned, and what happened in it. */
export interface Executed {
  readonly output: string;
  readonly inner: readonly (Frame | EmittedLog)[];
}

/** A contract at a moment. What is done to it stays here. */
export interface Trial {
  balanceWei: bigint;
  /** @throws Revert; NotModelledError where nobody has written down what the contract does */
  execute(call: ContractCall): Executed;
}

/** A contract whose state answers at the end of every block. */
export interface ModelContract {
  readonly address: Address;
  readonly createdIn: number;
  readonly code: string;
  balanceAt(block: number): bigint;
  /** Another one after each change of the storage. */
  storageHashAt(block: number): string;
  /** @throws NotModelledError */
  storageWordAt(block: number, slot: bigint): bigint;
  trialAt(block: number): Trial;
}

/** The model does not know the answer of the contract: a wrong one would be worse. */
export class NotModelledError extends Error {
  override readonly name = 'NotModelledError';
}
