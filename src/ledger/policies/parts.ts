import type { IntervalUnit } from '../state.js';

/** The words that parts may have. */
export const PART_WORDS = {
  revenue: ['eth', 'eth-and-assets', 'one-asset'],
  claimedId: ['reverts', 'zero', 'either'],
  rounding: ['reference', 'windowed'],
  rollOver: ['holders', 'none'],
  interval: ['getter', 'optional', 'none'],
  snapshots: ['anyone', 'some'],
} as const;

type Word<Part extends keyof typeof PART_WORDS> = (typeof PART_WORDS)[Part][number];

/**
 * How a contract shares revenue, part by part. Plain data: it is kept with the token, and every
 * rule follows from it. `getter` stands for "the contract's public getter says it".
 */
export interface PolicyParts {
  /** What it shares: ETH, ETH and accepted ERC-20s, or one ERC-20 and no ETH. */
  readonly revenue: Word<'revenue'>;
  /** Percentage of new revenue that a snapshot assigns: `percentClaimable()`, or fixed. */
  readonly percent: 'getter' | number;
  /** How many of the newest snapshots can be claimed. */
  readonly window: 'getter' | 'none' | number;
  /** What `claimableRevenue` does for an id that the account has claimed. */
  readonly claimedId: Word<'claimedId'>;
  /**
   * How a burn's part of new revenue is rounded. `reference` multiplies by the amount before it
   * divides by 100; `windowed` divides by 100 first.
   */
  readonly rounding: Word<'rounding'>;
  /** Where the rest of a snapshot goes that leaves the window: to all holders, or nowhere. */
  readonly rollOver: Word<'rollOver'>;
  /** Least gap of snapshots: by getters (required or not), without one, or stated. */
  readonly interval: Word<'interval'> | StatedInterval;
  /** Who may take a snapshot. No figure depends on it, but when the next one may come does. */
  readonly snapshots: Word<'snapshots'>;
  /** Rules of one policy alone; left out where there are none. */
  readonly own?: OwnPart;
}

/** A gap that no getter says; a decimal number as text, so that the parts are JSON. */
export interface StatedInterval {
  readonly unit: IntervalUnit;
  readonly length: string;
}

/** Which policy's own rules hold, with the numbers that the contract's getters said, as decimal texts. */
export interface OwnPart {
  readonly rules: string;
  /** Empty before a contract was asked. */
  readonly numbers: Readonly<Record<string, string>>;
}

/** Whether a part changes a figure. Two policies that differ in the others only share alike. */
const CHANGES_FIGURES: Readonly<Record<keyof PolicyParts, boolean>> = {
  revenue: true,
  percent: true,
  window: true,
  claimedId: false,
  rounding: true,
  rollOver: true,
  interval: false,
  snapshots: false,
  own: true,
};

/** The names of the parts in which two policies differ. */
export function differingParts(left: PolicyParts, right: PolicyParts): (keyof PolicyParts)[] {
  const names = Object.keys(CHANGES_FIGURES) as (keyof PolicyParts)[];
  return names.filter((name) => {
    if (name === 'own') return !isSameOwn(left.own, right.own);
    return JSON.stringify(left[name]) !== JSON.stringify(right[name]);
  });
}

/** Numbers that no contract was asked for yet may be any. */
function isSameOwn(left: OwnPart | undefined, right: OwnPart | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (left.rules !== right.rules) return false;
  const names = Object.keys(left.numbers).filter((name) => name in right.numbers);
  return names.every((name) => left.numbers[name] === right.numbers[name]);
}

/** Whether two policies give the same figures under the same terms. */
export function shareAlike(left: PolicyParts, right: PolicyParts): boolean {
  return differingParts(left, right).every((name) => !CHANGES_FIGURES[name]);
}
