/**
 * Reads an amount that somebody typed, exactly: digits, with groups by spaces, and one point or comma before the
 * fraction.
 *
 * @param decimals of its unit
 * @returns in the smallest unit; `null`: it cannot be read, or has more digits than the unit
 */
export function parseAmount(text: string, decimals: number): bigint | null {
  const plain = text.replace(/[\s\u202f]/g, '');
  const found = /^(\d{1,78})(?:[.,](\d*))?$/.exec(plain);
  if (found === null) return null;
  const [, whole = '0', fraction = ''] = found;
  if (fraction.length > decimals) return null;
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}
