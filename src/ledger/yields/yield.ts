import type { TokenRules } from '../apply.js';
import { redemptionRates } from '../entitlement.js';
import type { UnitPrice } from '../price.js';
import { NOTHING, type Rate, rateOf } from '../rate.js';
import type { CostBasis } from '../sales/sale.js';
import type { PoolState, SnapshotPool } from '../state.js';
import { partOfRate, sumOfRates, timesFraction } from './ratio.js';

/** A year of 365 days. */
const SECONDS_OF_YEAR = 31_536_000n;

/** Shorter periods say too little about a year: 7 days. */
export const YIELD_SECONDS_AT_LEAST = 604_800n;

/**
 * What a snapshot gives to a whole token: `CA[id] * 10^decimals / supplyAt(id)`, in the smallest unit of its
 * asset. Rounded down it is what `claimableRevenue` answers for an account with one whole token.
 */
export function perWholeToken(
  { claimableWei, supply }: Pick<SnapshotPool, 'claimableWei' | 'supply'>,
  decimals: number,
): Rate {
  return rateOf(claimableWei * 10n ** BigInt(decimals), supply);
}

/** What the snapshots of a period gave to a whole token, and what that is in a year. */
export interface Yield {
  readonly perToken: Rate;
  readonly annualised: Rate;
}

/** @param seconds length of the period; the caller refuses those that are too short */
export function yieldOf(
  snapshots: readonly Pick<SnapshotPool, 'claimableWei' | 'supply'>[],
  decimals: number,
  seconds: bigint,
): Yield {
  const perToken = snapshots.reduce(
    (sum, snapshot) => sumOfRates(sum, perWholeToken(snapshot, decimals)),
    NOTHING,
  );
  return { perToken, annualised: timesFraction(perToken, SECONDS_OF_YEAR, seconds) };
}

/** What burning a whole token pays, before the contract rounds down. */
export function burnValueOf(rules: TokenRules, state: PoolState, decimals: number): Rate {
  const { fromNew, fromPool } = redemptionRates(rules, state);
  return timesFraction(sumOfRates(fromNew, fromPool), 10n ** BigInt(decimals), 1n);
}

/** What a whole token cost over several sales in one asset; `null` if nothing was bought. */
export function costPerToken(
  bases: readonly Pick<CostBasis, 'paid' | 'got'>[],
  decimals: number,
): Rate | null {
  const paid = bases.reduce((sum, basis) => sum + basis.paid, 0n);
  const got = bases.reduce((sum, basis) => sum + basis.got, 0n);
  return got === 0n ? null : timesFraction(rateOf(paid, got), 10n ** BigInt(decimals), 1n);
}

/** A price, and decimals of what it is the price of. */
export interface PricedUnit {
  readonly price: UnitPrice;
  readonly assetDecimals: number;
}

/** What an amount of the smallest unit is worth, as a part of the price of a whole token. */
export function partOfPrice(amount: Rate, asset: PricedUnit, token: UnitPrice): Rate | null {
  const { price, assetDecimals } = asset;
  const worth = timesFraction(amount, price.answer, 10n ** BigInt(assetDecimals + price.decimals));
  return partOfRate(worth, rateOf(token.answer, 10n ** BigInt(token.decimals)));
}
