import type { Draw } from './draw.js';
import { type FigureOf, type FigureSheet, inWindow } from './figures.js';
import { within } from './subjects.js';

/** Of a holder in a window, in a currency: what was paid, each entry at the price of its time. */
const CLAIM_NAMES = ['worth of claims', 'claims without price'] as const;
const BURN_NAMES = ['worth of burns', 'burns without price'] as const;
/** Of a token in a window. */
const RECEIPT_NAMES = ['worth of receipts', 'receipts without price'] as const;

/** Both, of one moment or of a window. */
export const HOLDER_WORTH_NAMES = [...CLAIM_NAMES, ...BURN_NAMES] as const;
export const HOLDER_WORTH = inWindow(CLAIM_NAMES);
export const BURN_WORTH = inWindow(BURN_NAMES);
export const TOKEN_WORTH = inWindow(RECEIPT_NAMES);

const NAMES = { claims: CLAIM_NAMES, burns: BURN_NAMES, receipts: RECEIPT_NAMES } as const;

/** An entry, and what it was worth: an exact decimal number, `null` where no price is known. */
export interface Valued {
  readonly amount: bigint;
  readonly value: string | null;
}

/**
 * Puts the sum of the known values, and how many are not known. A sum of nothing known is `none`, and what
 * paid nothing needs no price.
 */
export function putWorth(
  sheet: FigureSheet,
  draw: Draw,
  of: {
    readonly subject: string;
    readonly asset: string;
    readonly what: keyof typeof NAMES;
  },
  entries: readonly Valued[],
): void {
  const paid = entries.filter(({ amount }) => amount !== 0n);
  const known = paid.flatMap(({ value }) => (value === null ? [] : [value]));
  putWorthSum(sheet, draw, of, {
    sum: known.length === 0 ? null : decimalSum(known),
    missing: paid.length - known.length,
  });
}

export function putWorthSum(
  sheet: FigureSheet,
  draw: Draw,
  { subject, asset, what }: { subject: string; asset: string; what: keyof typeof NAMES },
  { sum, missing }: { readonly sum: string | null; readonly missing: number },
): void {
  const [worth, without] = NAMES[what];
  const key: Omit<FigureOf, 'name'> = {
    subject,
    moment: within(draw),
    asset: `${draw.currency} for ${asset}`,
  };
  sheet.put({ ...key, name: worth }, sum === null ? 'none' : decimalSum([sum]));
  sheet.put({ ...key, name: without }, missing);
}

/** The exact sum of decimal numbers, without zeros at its end. */
export function decimalSum(texts: readonly string[]): string {
  const parts = texts.map((text) => {
    const [, sign = '', whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
    if (whole === undefined) throw new Error(`"${text}" is not a decimal number`);
    return { sign, whole, part };
  });
  const places = Math.max(...parts.map(({ part }) => part.length));
  let sum = 0n;
  for (const { sign, whole, part } of parts) {
    const units = BigInt(whole + part.padEnd(places, '0'));
    sum += sign === '-' ? -units : units;
  }
  return decimalText(sum, places);
}

/** Units of 10^-places as a decimal number, without zeros at its end. */
export function decimalText(units: bigint, places: number): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const part = digits.slice(digits.length - places).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}
