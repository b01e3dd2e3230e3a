import { formatEther } from 'ethers';

const ETHER_DECIMALS = 18;
const LEAST_DECIMALS = 2;
const HUNDREDTHS = 10_000n;

/** Exact, with all 18 decimals, so that the decimal points are aligned. */
export function ether(amountWei: bigint): string {
  return withDecimals(amountWei, ETHER_DECIMALS);
}

/** Writes amounts of one column exactly, with as many decimals as the longest of them needs. */
export function etherColumn(amountsWei: readonly bigint[]): (amountWei: bigint) => string {
  const needed = amountsWei.map((amount) => fractionOf(amount).replace(/0+$/, '').length);
  const decimals = Math.max(LEAST_DECIMALS, ...needed);
  return (amountWei) => withDecimals(amountWei, decimals);
}

/**
 * What part of their sum each amount is, in hundredths of a percent. They add up to 10,000: each
 * is rounded down, and what is missing goes to the largest remainders. All 0 if the sum is.
 */
export function sharesOf(amounts: readonly bigint[]): bigint[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  if (total === 0n) return amounts.map(() => 0n);
  const shares = amounts.map((amount) => (amount * HUNDREDTHS) / total);
  const missing = HUNDREDTHS - shares.reduce((sum, share) => sum + share, 0n);
  const remainder = (index: number) => ((amounts[index] ?? 0n) * HUNDREDTHS) % total;
  const byRemainder = amounts
    .map((_, index) => index)
    .sort((one, other) => compareAmounts(remainder(other), remainder(one)));
  const lucky = new Set(byRemainder.slice(0, Number(missing)));
  return shares.map((share, index) => (lucky.has(index) ? share + 1n : share));
}

/** Hundredths as a decimal number: 1234 is `12.34`. */
export function hundredths(count: bigint): string {
  return `${count / 100n}.${(count % 100n).toString().padStart(2, '0')}`;
}

/** For Array.sort: smaller first. */
export function compareAmounts(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function withDecimals(amountWei: bigint, decimals: number): string {
  const [whole = ''] = formatEther(amountWei).split('.');
  return `${whole}.${fractionOf(amountWei).slice(0, decimals)}`;
}

function fractionOf(amountWei: bigint): string {
  const [, fraction = ''] = formatEther(amountWei).split('.');
  return fraction.padEnd(ETHER_DECIMALS, '0');
}
