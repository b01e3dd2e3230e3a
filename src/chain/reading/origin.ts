import type { Address } from '../../address.js';
import { type CollectionActivity, NO_ACTIVITY } from '../../ledger/attribution.js';
import { type Frame, selectorOf } from './tree/frames.js';

/** `claimModelRevenue(uint256)` and `removeModel(uint256)` of the AI oracle (docs/domain.md#ai-oracles). */
const PAYOUT_SELECTORS = new Set(['0x5638101b', '0x6b0641a3']);

/** A payout of a model's revenue by an AI oracle. */
export interface OraclePayout {
  readonly oracle: Address;
  readonly modelId: bigint;
}

/** How a payment came to a token. */
export interface Origin {
  /** Who passed it on, from the sender of the transaction to the payer. */
  readonly path: readonly Address[];
  /** The innermost call around it that looks like an oracle's payout. */
  readonly payout: OraclePayout | null;
  /** The frame that paid. */
  readonly frame: Frame;
  /** What collections did around it; empty until their logs are read. */
  readonly collections: CollectionActivity;
}

/** Follows a payment's frame up to the transaction. */
export function originOf(payment: Frame): Origin {
  const path: Address[] = [];
  let payout: OraclePayout | null = null;
  for (let frame: Frame | null = payment; frame !== null; frame = frame.parent) {
    if (path[0] !== frame.from) path.unshift(frame.from);
    payout ??= payoutOf(frame);
  }
  return { path, payout, frame: payment, collections: NO_ACTIVITY };
}

function payoutOf(frame: Frame): OraclePayout | null {
  if (!frame.isCall || frame.to === null || frame.input.length < 74) return null;
  if (!PAYOUT_SELECTORS.has(selectorOf(frame.input))) return null;
  return { oracle: frame.to, modelId: BigInt(`0x${frame.input.slice(10, 74)}`) };
}
