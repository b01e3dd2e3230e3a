import { decimalPoint, exactAmount } from './amounts.js';

/** Digits after the point of money that people pay with. */
const CENTS = 2;

/**
 * What an amount is worth, with two digits and rounded down; below a cent, `< 0.01`.
 *
 * @param decimals of the amount
 * @param price of one whole unit, as a decimal number
 */
export function worthOf(amount: bigint, decimals: number, price: string): string {
  const [whole = '0', fraction = ''] = price.split('.');
  return inCents(amount * BigInt(whole + fraction), fraction.length + decimals);
}

/** A decimal number of a currency with two digits, cut; below a cent, `< 0.01`. */
export function shortWorth(worth: string): string {
  const [whole = '0', fraction = ''] = worth.split('.');
  return inCents(BigInt(whole + fraction), fraction.length);
}

/** A decimal number with all of its digits, in groups. */
export function exactDecimal(worth: string): string {
  const [whole = '0', fraction = ''] = worth.split('.');
  return exactAmount(BigInt(whole + fraction), fraction.length);
}

/** @param digits of the value behind the point */
function inCents(value: bigint, digits: number): string {
  const cents = (value * 10n ** BigInt(CENTS)) / 10n ** BigInt(digits);
  if (cents === 0n && value > 0n) return `< ${exactAmount(1n, CENTS)}`;
  const [units = '0', rest = ''] = exactAmount(cents, CENTS).split(/[.,]/);
  return `${units}${decimalPoint()}${rest.padEnd(CENTS, '0')}`;
}
