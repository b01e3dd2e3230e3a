import type { Address } from '../../address.js';
import { contextOf, lastInside, runsFunctionOf } from '../reading/tree/callContext.js';
import type { Frame, TransactionRecord } from '../reading/tree/frames.js';
import { type OracleCall, oracleCall } from './calls.js';

/** A successful call of the oracle. */
export interface CallFrame {
  readonly frame: Frame;
  /** `null` for a function that the books do not follow. */
  readonly call: OracleCall | null;
  /** The CALL whose sender and value the function saw. */
  readonly context: Frame;
  /** Index of the frame, and of the last one inside it, among those of the transaction. */
  readonly index: number;
  readonly last: number;
}

/** The calls of `oracle` in the order in which they were entered; reverted ones are left out. */
export function callFrames({ frames }: TransactionRecord, oracle: Address): CallFrame[] {
  const last = lastInside(frames);
  return frames.flatMap((frame, index) => {
    if (frame.reverted || !runsFunctionOf(frame, oracle)) return [];
    const call = oracleCall(frame.input);
    return [{ frame, call, context: contextOf(frame), index, last: last.get(frame) ?? index }];
  });
}

/** Calls in the order in which they ended: one inside another ends before it. */
export function inOrderOfEnd<Call extends CallFrame>(calls: readonly Call[]): Call[] {
  return calls.toSorted((a, b) => a.last - b.last || b.index - a.index);
}
