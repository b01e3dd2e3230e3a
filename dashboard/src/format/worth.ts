import { exactAmount } from './amounts.js';

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
  const cents =
    (amount * BigInt(whole + fraction) * 10n ** BigInt(CENTS)) /
    10n ** BigInt(fraction.length + decimals);
  if (cents === 0n && amount > 0n) return '< 0.01';
  const [units = '0', rest = ''] = exactAmount(cents, CENTS).split('.');
  return `${units}.${rest.padEnd(CENTS, '0')}`;
}
