import { percentage } from './amounts.js';

/** A number as two whole ones, as the API writes it. */
export interface Ratio {
  readonly numerator: string;
  readonly denominator: string;
}

/** A number times a whole one, rounded down. */
export function times({ numerator, denominator }: Ratio, factor: bigint): bigint {
  return (BigInt(numerator) * factor) / BigInt(denominator);
}

const LOTS = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const;
/** An amount of a lot has this many digits that count, at least. */
const READABLE = 4;

/**
 * How many tokens an amount is best written for: one, or so many thousands that it has digits to read.
 *
 * @param decimals of the unit that the amount is in
 */
export function readableLot(perToken: Ratio, decimals: number): bigint {
  const least = 10n ** BigInt(Math.max(0, decimals - 6 + READABLE - 1));
  return LOTS.find((lot) => times(perToken, lot) >= least) ?? LOTS[3];
}

/** A part of one as a percentage with one digit, rounded down. */
export function percentText(ratio: Ratio): string {
  return percentage(times(ratio, 1_000n));
}
