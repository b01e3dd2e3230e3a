import { newRevenueWei, type PoolState, type RevenueTerms } from '../state.js';
import type { PolicyParts } from './parts.js';
import type { RedemptionRates } from './policy.js';

/** How a burn's part of new revenue is rounded, and how that shows. */
export interface Rounding {
  rates(terms: RevenueTerms, state: PoolState): RedemptionRates;
  /**
   * Whether `redeemableOnBurn` of a hundred times the supply can be rounded so: it makes the division by
   * 100 visible. The reference rounding pays `100·N·(1−p)` less multiples of 100; the windowed one pays
   * multiples of 100 only.
   */
  fits(hundredfold: Hundredfold, percentClaimable: bigint): boolean;
}

/** `redeemableOnBurn(100 * totalSupply())`, in wei, as it is and with one wei more; `null`: not known. */
export interface Hundredfold {
  readonly now: bigint;
  readonly oneWeiMore: bigint | null;
}

export const ROUNDINGS: Readonly<Record<PolicyParts['rounding'], Rounding>> = {
  reference: {
    rates: ({ percentClaimable }, state) => ({
      // The contract divides twice, by 100 and by the supply; that is one division by both.
      fromNew: {
        numerator:
          newRevenueWei(state) * (100n - percentClaimable) - state.redeemedFromNewWei * 100n,
        denominator: 100n * state.supply,
      },
      fromPool: { numerator: state.redeemPoolWei, denominator: state.supply },
    }),
    fits: ({ now, oneWeiMore }, percentClaimable) =>
      oneWeiMore === null || oneWeiMore - now === 100n - percentClaimable,
  },
  windowed: {
    rates: ({ percentClaimable }, state) => ({
      fromNew: {
        numerator:
          (newRevenueWei(state) * (100n - percentClaimable)) / 100n - state.redeemedFromNewWei,
        denominator: state.supply,
      },
      fromPool: { numerator: state.redeemPoolWei, denominator: state.supply },
    }),
    fits: ({ now, oneWeiMore }) => now % 100n === 0n && (oneWeiMore ?? 0n) % 100n === 0n,
  },
};
