import { EVERYTHING, NOTHING, partOf, type Rate, rateOf } from '../rate.js';

/**
 * A sale that hands its tokens out pro rata when it is over (docs/domain.md#sales). Amounts are the
 * smallest units of the raise asset and of the token.
 */
export interface ProRataTerms {
  readonly target: bigint;
  readonly tokensForSale: bigint;
}

/** `null`: what somebody gets is said by purchases and allocations, not by a rule. */
export type SaleTerms = ProRataTerms | null;

export const SALE_ENTRY_KINDS = [
  'deposit',
  'purchase',
  'allocation',
  'token-claim',
  'refund',
  'sell',
  'finalisation',
] as const;

export type SaleEntryKind = (typeof SALE_ENTRY_KINDS)[number];

/** A sale as a whole; totals since its start. */
export interface SaleState {
  /** Pro rata only: deposits are over, so that what everybody gets is certain. */
  readonly hasEnded: boolean;
  readonly isFinalised: boolean;
  /** Paid in by deposits and purchases. */
  readonly raised: bigint;
  readonly refunded: bigint;
  /** Bought or allocated by entries; 0 for pro rata sales, where the rule says it. */
  readonly allocated: bigint;
  readonly claimed: bigint;
  /** Token units given back to the sale, and what it paid for them. */
  readonly sold: bigint;
  readonly proceeds: bigint;
  /** The newest purchase or sell. */
  readonly lastTrade: ExactPrice | null;
}

/** A price as the two amounts that were exchanged: nothing is divided. */
export interface ExactPrice {
  readonly raiseAmount: bigint;
  readonly tokenAmount: bigint;
}

/** What one account did in a sale; totals since its start. */
export interface Participation {
  readonly deposited: bigint;
  /** Bought or allocated by entries; 0 in pro rata sales. */
  readonly allocated: bigint;
  readonly claimed: bigint;
  readonly refunded: bigint;
  readonly sold: bigint;
  readonly proceeds: bigint;
  /** What was paid for the tokens that it still has or is to get. */
  readonly cost: bigint;
}

export const NEW_SALE: SaleState = {
  hasEnded: false,
  isFinalised: false,
  raised: 0n,
  refunded: 0n,
  allocated: 0n,
  claimed: 0n,
  sold: 0n,
  proceeds: 0n,
  lastTrade: null,
};

export const NO_PARTICIPATION: Participation = {
  deposited: 0n,
  allocated: 0n,
  claimed: 0n,
  refunded: 0n,
  sold: 0n,
  proceeds: 0n,
  cost: 0n,
};

/** Whether raised ≥ target; `null` while that can still change, or if there is no target. */
export function hasSucceeded(terms: SaleTerms, state: SaleState): boolean | null {
  return terms === null || !state.hasEnded ? null : state.raised >= terms.target;
}

/**
 * Token units that a participant gets in all, claimed or not: `deposit * tokensForSale //
 * totalRaised` after a success (docs/domain.md#sales), 0 before and after a failure.
 */
export function allocationOf(terms: SaleTerms, state: SaleState, of: Participation): bigint {
  if (terms === null) return of.allocated;
  return partOf(of.deposited, allocationRate(terms, state));
}

/** Token units that each unit of a deposit brings in a pro rata sale. */
export function allocationRate(terms: ProRataTerms, state: SaleState): Rate {
  if (hasSucceeded(terms, state) !== true) return NOTHING;
  return rateOf(terms.tokensForSale, state.raised);
}

/**
 * Units of the raise asset that a participant gets back in all, taken or not: what the sale
 * does not keep, `deposit * target // totalRaised`, when oversubscribed; the whole deposit
 * after a failure (docs/domain.md#sales).
 */
export function refundOf(terms: SaleTerms, state: SaleState, of: Participation): bigint {
  if (terms === null) return of.refunded;
  return of.deposited - partOf(of.deposited, keptRate(terms, state));
}

/** The part of a deposit that a pro rata sale keeps; all of it while the sale is open. */
export function keptRate(terms: ProRataTerms, state: SaleState): Rate {
  if (hasSucceeded(terms, state) === false) return NOTHING;
  if (!state.hasEnded || state.raised <= terms.target) return EVERYTHING;
  return rateOf(terms.target, state.raised);
}

/** What a participant finally paid for what it finally got. */
export interface CostBasis {
  readonly paid: bigint;
  readonly got: bigint;
  /** No later entry of the sale can change it. */
  readonly isFinal: boolean;
}

/**
 * The cost basis of a participant. Tokens sold back leave with their part of the cost, at
 * the average (see saleMovements.ts).
 */
export function costBasisOf(terms: SaleTerms, state: SaleState, of: Participation): CostBasis {
  if (terms === null) {
    return { paid: of.cost, got: of.allocated - of.sold, isFinal: state.isFinalised };
  }
  const paid = of.deposited - refundOf(terms, state, of);
  return { paid, got: allocationOf(terms, state, of), isFinal: state.hasEnded };
}

/**
 * The price of the sale: of a pro rata sale what it keeps for all of its tokens (while it is
 * open: as if it ended now), else the newest trade. `null` where nothing was sold.
 */
export function priceOf(terms: SaleTerms, state: SaleState): ExactPrice | null {
  if (terms === null) return state.lastTrade;
  if (state.raised === 0n || hasSucceeded(terms, state) === false) return null;
  const isOversubscribed = state.raised > terms.target;
  const raiseAmount = isOversubscribed ? terms.target : state.raised;
  return { raiseAmount, tokenAmount: terms.tokensForSale };
}
