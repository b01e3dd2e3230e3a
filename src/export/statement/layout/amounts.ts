/** Decimals that every column has, so that amounts of money look like it. */
const LEAST_DECIMALS = 2;

/**
 * An amount of smallest units as a decimal number, exact: all of its decimals, no more.
 *
 * @param decimals of the token; `null`: not known, so smallest units
 */
export function exactAmount(amount: bigint, decimals: number | null): string {
  const { sign, whole, fraction } = split(amount, decimals ?? 0);
  const significant = fraction.replace(/0+$/, '');
  return significant === '' ? `${sign}${whole}` : `${sign}${whole}.${significant}`;
}

/** Writes the amounts of one column exactly, with the points below each other. */
export function statementAmountColumn(
  amounts: readonly bigint[],
  decimals: number | null,
): (amount: bigint) => string {
  const places = decimals ?? 0;
  let needed = LEAST_DECIMALS;
  for (const amount of amounts) {
    needed = Math.max(needed, split(amount, places).fraction.replace(/0+$/, '').length);
  }
  const shown = Math.min(places, needed);
  return (amount) => {
    const { sign, whole, fraction } = split(amount, places);
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return shown === 0 ? `${sign}${grouped}` : `${sign}${grouped}.${fraction.slice(0, shown)}`;
  };
}

/** An amount with the decimals of its asset. */
export interface StatedAmount {
  readonly amount: bigint;
  readonly decimals: number | null;
}

/**
 * Writes amounts of different assets exactly, with the points below each other: all have as many digits
 * after it as the longest one needs.
 */
export function mixedAmountColumn(
  amounts: readonly StatedAmount[],
): (stated: StatedAmount) => string {
  const most = Math.max(0, ...amounts.map(({ decimals }) => decimals ?? 0));
  const scaled = ({ amount, decimals }: StatedAmount) =>
    amount * 10n ** BigInt(most - (decimals ?? 0));
  const write = statementAmountColumn(amounts.map(scaled), most);
  return (stated) => write(scaled(stated));
}

/** The same with a plus sign: what was added. */
export function signed(text: string): string {
  return text.startsWith('-') || /^[0.,]*$/.test(text) ? text : `+${text}`;
}

function split(amount: bigint, decimals: number) {
  const isNegative = amount < 0n;
  const digits = String(isNegative ? -amount : amount).padStart(decimals + 1, '0');
  return {
    sign: isNegative ? '-' : '',
    whole: digits.slice(0, digits.length - decimals),
    fraction: digits.slice(digits.length - decimals),
  };
}
