import { decimalFraction } from '../price.js';
import { type Rate, rateOf } from '../rate.js';

/** Digits after the point of a ratio that is written as a decimal number. */
const RATIO_DIGITS = 18;

/** The sum of two rates, in lowest terms. */
export function sumOfRates(one: Rate, other: Rate): Rate {
  return lowest(
    one.numerator * other.denominator + other.numerator * one.denominator,
    one.denominator * other.denominator,
  );
}

/** A rate times a fraction, in lowest terms. */
export function timesFraction(rate: Rate, numerator: bigint, denominator: bigint): Rate {
  return lowest(rate.numerator * numerator, rate.denominator * denominator);
}

/** A rate as a part of another one, in lowest terms; `null` if that one is 0. */
export function partOfRate(rate: Rate, whole: Rate): Rate | null {
  if (whole.numerator === 0n) return null;
  return lowest(rate.numerator * whole.denominator, rate.denominator * whole.numerator);
}

/** As a decimal number, rounded down (towards zero) to `RATIO_DIGITS` digits after the point. */
export function ratioText({ numerator, denominator }: Rate): string {
  return decimalFraction((numerator * 10n ** BigInt(RATIO_DIGITS)) / denominator, RATIO_DIGITS);
}

function lowest(numerator: bigint, denominator: bigint): Rate {
  const divisor = greatestDivisor(numerator, denominator);
  return rateOf(numerator / divisor, denominator / divisor);
}

function greatestDivisor(one: bigint, other: bigint): bigint {
  let [left, right] = [one, other];
  while (right !== 0n) [left, right] = [right, left % right];
  return left === 0n ? 1n : left;
}
