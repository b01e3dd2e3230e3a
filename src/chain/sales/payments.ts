import { functions as erc20 } from '../../abi/erc20.js';
import type { Address } from '../../address.js';
import { type Frame, selectorOf } from '../reading/tree/frames.js';
import type { SaleContract } from './adapter.js';

/** What a sale contract paid out by one frame of its own. */
export interface Payout {
  readonly asset: 'raise' | 'token';
  readonly receiver: Address;
  readonly amount: bigint;
}

/** The payout that a frame makes, or `null` if it is none. */
export function salePayoutOf(sale: SaleContract, frame: Frame): Payout | null {
  const { address, token, raiseAsset } = sale;
  if (frame.from !== address || !frame.isCall || frame.to === null) return null;
  if (frame.valueWei > 0n) {
    return { asset: 'raise', receiver: frame.to, amount: frame.valueWei };
  }
  if (selectorOf(frame.input) !== erc20.transfer.selector) return null;
  if (frame.to !== token && frame.to !== raiseAsset) return null;
  const { to, amount } = erc20.transfer.decode(frame.input);
  const asset = frame.to === token ? 'token' : 'raise';
  return { asset, receiver: to as Address, amount };
}

/** The call of the contract that a frame was made by: itself, or code it delegated to. */
export function callAround<Call>(frame: Frame, calls: ReadonlyMap<Frame, Call>): Call | null {
  for (let outer = frame.parent; outer !== null; outer = outer.parent) {
    const call = calls.get(outer);
    if (call !== undefined) return call;
    if (!outer.isDelegateCall) return null;
  }
  return null;
}
