/**
 * What a unit of a balance brings, as an exact fraction that is not negative. Contracts multiply
 * first and divide last, and round down once. So a rate is the rule itself, and an export in SQL
 * can apply the same rate to many balances.
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

/** The largest number that a contract can form. */
export const UINT256_MAX = 2n ** 256n - 1n;

/**
 * `amount * numerator // denominator` as a contract computes it with checked arithmetic
 * (Solidity 0.8): `null` where the product exceeds 256 bits, and the contract reverts.
 */
export function checkedPartOf(amount: bigint, { numerator, denominator }: Rate): bigint | null {
  const product = amount * numerator;
  return product > UINT256_MAX ? null : product / denominator;
}

/** `amount * numerator // denominator`. */
export function partOf(amount: bigint, { numerator, denominator }: Rate): bigint {
  return (amount * numerator) / denominator;
}
