const SIGNIFICANT = 6;
/** Digits of a whole part that fit on a phone; a longer one is shown by its power of ten. */
const LONGEST_WHOLE = 15;
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Between groups of three digits: a thin space that does not break. */
const GROUP = '\u202f';
const MINUS = '\u2212';
/** Before the fraction: the sign of the reader's language. */
let point: DecimalPoint = '.';
/** As wide as a digit, and as a point. */
const DIGIT_BLANK = '\u2007';
const POINT_BLANK = '\u2008';

export type DecimalPoint = '.' | ',';

/** Amounts that are written from now on have this sign before their fraction. */
export function writeWithPoint(sign: DecimalPoint): void {
  point = sign;
}

export function decimalPoint(): DecimalPoint {
  return point;
}

/**
 * An amount with all of its digits.
 *
 * @param value in the smallest unit
 * @param decimals of its unit
 */
export function exactAmount(value: bigint, decimals: number): string {
  const { sign, whole, fraction } = partsOf(value, decimals);
  return `${sign}${grouped(whole)}${fraction === '' ? '' : `${point}${fraction}`}`;
}

/**
 * An amount to read: up to six significant digits, and all of the whole part. It is cut, never rounded up, so that
 * nobody is promised more than there is. What is too small to show is `< 0.000001`; zero is `0`. What is too long to
 * show is `1.15792 × 10⁵⁹`.
 */
export function shortAmount(value: bigint, decimals: number): string {
  const { sign, whole, fraction } = partsOf(value, decimals);
  if (whole.length > LONGEST_WHOLE) return sign + byPowerOfTen(whole);
  const digits = whole === '0' ? SIGNIFICANT : Math.max(0, SIGNIFICANT - whole.length);
  const shown = fraction.slice(0, digits).replace(/0+$/, '');
  if (whole === '0' && shown === '' && value !== 0n) {
    const least = `0${point}${'1'.padStart(SIGNIFICANT, '0')}`;
    return sign === '' ? `< ${least}` : `> ${MINUS}${least}`;
  }
  return `${sign}${grouped(whole)}${shown === '' ? '' : `${point}${shown}`}`;
}

/** Digits after the point that the longest of some amounts shows, so that a column of them can be aligned. */
export function digitsShown(values: readonly bigint[], decimals: number): number {
  return Math.max(0, ...values.map((value) => fractionOf(shortAmount(value, decimals)).length));
}

/** Fills up a short amount with blanks of the width of digits: points of a column come below each other. */
export function padded(short: string, digits: number): string {
  const missing = digits - fractionOf(short).length;
  if (missing <= 0) return short;
  return `${short}${short.includes(point) ? '' : POINT_BLANK}${DIGIT_BLANK.repeat(missing)}`;
}

function fractionOf(short: string): string {
  return /[.,](\d+)$/.exec(short)?.[1] ?? '';
}

function byPowerOfTen(whole: string): string {
  const power = [...String(whole.length - 1)].map((digit) => RAISED[Number(digit)]).join('');
  return `${whole.slice(0, 1)}${point}${whole.slice(1, SIGNIFICANT)} × 10${power}`;
}

/** A whole number with groups of three digits. */
export function count(value: number | bigint): string {
  return exactAmount(BigInt(value), 0);
}

/**
 * A part of a whole as a percentage with one digit, rounded down; `null` of nothing.
 *
 * @returns e.g. `12.3 %`
 */
export function percentOf(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const tenths = (part * 1_000n) / whole;
  return percentage(tenths);
}

/** Tenths of a percent as a percentage: `12.3 %`. */
export function percentage(tenths: bigint): string {
  return `${count(tenths / 10n)}${point}${tenths % 10n} %`;
}

function partsOf(value: bigint, decimals: number) {
  const digits = String(value < 0n ? -value : value).padStart(decimals + 1, '0');
  const end = digits.length - decimals;
  return {
    sign: value < 0n ? MINUS : '',
    whole: digits.slice(0, end),
    fraction: digits.slice(end).replace(/0+$/, ''),
  };
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, GROUP);
}
