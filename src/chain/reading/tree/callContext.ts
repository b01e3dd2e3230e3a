import type { Address } from '../../../address.js';
import type { Frame } from './frames.js';

/**
 * A frame that runs a function of `contract`: a CALL to it, or a DELEGATECALL to itself that
 * is more than the forwarding of a proxy (a multicall).
 */
export function runsFunctionOf(frame: Frame, contract: Address): boolean {
  if (frame.kind !== 'call') return false;
  if (frame.isCall) return frame.to === contract;
  return frame.isDelegateCall && frame.from === contract && frame.parent?.input !== frame.input;
}

/** The CALL whose sender and value a frame sees: itself, or the one around its delegations. */
export function contextOf(frame: Frame): Frame {
  let current = frame;
  while (current.isDelegateCall && current.parent !== null) current = current.parent;
  return current;
}

/** The frame that is the transaction itself. */
export function rootOf(frame: Frame): Frame {
  let current = frame;
  while (current.parent !== null) current = current.parent;
  return current;
}

/** For each frame the index of the last frame inside it, itself included. */
export function lastInside(frames: readonly Frame[]): ReadonlyMap<Frame, number> {
  const last = new Map<Frame, number>();
  frames.forEach((frame, index) => {
    for (let around: Frame | null = frame; around !== null; around = around.parent) {
      last.set(around, index);
    }
  });
  return last;
}
