import type { IntervalUnit } from '../state.js';

/**
 * How a contract shares revenue, part by part. Plain data: it is kept with the token, and every
 * rule follows from it. `getter` stands for "the contract's public getter says it".
 */
export interface PolicyParts {
  /** What it shares: ETH, ETH and accepted ERC-20s, or one ERC-20 and no ETH. */
  readonly revenue: 'eth' | 'eth-and-assets' | 'one-asset';
  /** Percentage of new revenue that a snapshot assigns: `percentClaimable()`, or fixed. */
  readonly percent: 'getter' | number;
  /** How many of the newest snapshots can be claimed. */
  readonly window: 'getter' | 'none' | number;
  /** What `claimableRevenue` does for an id that the account has claimed. */
  readonly claimedId: 'reverts' | 'zero' | 'either';
  /**
   * How a burn's part of new revenue is rounded. `reference` multiplies by the amount before it
   * divides by 100; `windowed` divides by 100 first.
   */
  readonly rounding: 'reference' | 'windowed';
  /** Where the rest of a snapshot goes that leaves the window: to all holders, or nowhere. */
  readonly rollOver: 'holders' | 'none';
  /** Least gap of snapshots: by getters (required or not), without one, or stated. */
  readonly interval: 'getter' | 'optional' | 'none' | StatedInterval;
  /** Who may take a snapshot. No figure depends on it, but when the next one may come does. */
  readonly snapshots: 'anyone' | 'some';
}

/** A gap that no getter says; a decimal number as text, so that the parts are JSON. */
export interface StatedInterval {
  readonly unit: IntervalUnit;
  readonly length: string;
}

/** Parts that do not change a figure: two policies that differ in these only share alike. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['claimedId', 'snapshots', 'interval']);

/** The names of the parts in which two policies differ. */
export function differingParts(left: PolicyParts, right: PolicyParts): (keyof PolicyParts)[] {
  const names = Object.keys(left) as (keyof PolicyParts)[];
  return names.filter((name) => JSON.stringify(left[name]) !== JSON.stringify(right[name]));
}

/** Whether two policies give the same figures under the same terms. */
export function shareAlike(left: PolicyParts, right: PolicyParts): boolean {
  return differingParts(left, right).every((name) => DESCRIPTIVE.has(name));
}
