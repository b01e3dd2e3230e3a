/**
 * What a unit of a balance brings, as an exact fraction that is not negative. Contracts multiply
 * first and divide last, rounding down once: so a rule that gives a rate is the rule itself, and
 * whoever has many balances (an export, in SQL) applies the same rate to each of them.
 */
export interface Rate {
  readonly numerator: bigint;
  /** Never 0. */
  readonly denominator: bigint;
}

/** Brings nothing, whatever the balance. */
export const NOTHING: Rate = { numerator: 0n, denominator: 1n };

/** Brings the balance itself. */
export const EVERYTHING: Rate = { numerator: 1n, denominator: 1n };

/** A rate where it makes sense, and nothing where a contract would divide by zero. */
export function rateOf(numerator: bigint, denominator: bigint): Rate {
  return denominator === 0n ? NOTHING : { numerator, denominator };
}

/** `amount * numerator // denominator`. */
export function partOf(amount: bigint, { numerator, denominator }: Rate): bigint {
  return (amount * numerator) / denominator;
}
