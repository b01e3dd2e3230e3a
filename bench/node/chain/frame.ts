import type { Address } from '../../../src/address.js';

/** A log at its place in a call frame. */
export interface EmittedLog {
  readonly address: Address;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A successful call or creation, with what happened in it, in order. */
export interface Frame {
  readonly type: 'CALL' | 'STATICCALL' | 'CREATE' | 'CREATE2';
  readonly from: Address;
  readonly to: Address;
  readonly valueWei: bigint;
  readonly input: string;
  readonly output: string;
  readonly inner: readonly (Frame | EmittedLog)[];
}

export function isLog(entry: Frame | EmittedLog): entry is EmittedLog {
  return 'topics' in entry;
}

/** The logs of a frame and of those in it, in their order. */
export function logsOf({ inner }: Frame): EmittedLog[] {
  return inner.flatMap((entry) => (isLog(entry) ? [entry] : logsOf(entry)));
}

/** A frame with its place in its transaction. */
export interface PlacedFrame {
  readonly frame: Frame;
  readonly place: readonly number[];
  readonly children: number;
}

/** A frame and those in it, in execution order. */
export function framesOf(frame: Frame, place: readonly number[] = []): PlacedFrame[] {
  const children = frame.inner.filter((entry) => !isLog(entry)) as Frame[];
  return [
    { frame, place, children: children.length },
    ...children.flatMap((child, index) => framesOf(child, [...place, index])),
  ];
}
