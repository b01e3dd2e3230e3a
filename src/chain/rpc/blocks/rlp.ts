import { getBytes, toBeArray } from 'ethers';

/**
 * A byte string (Yellow Paper, appendix B). What ethers does reads each byte by itself, and takes time by
 * the square of the length of a list: a block may have 100,000 logs.
 */
export function rlp(bytes: Uint8Array): Uint8Array {
  const [first = 0] = bytes;
  return bytes.length === 1 && first < 0x80 ? bytes : prefixed(0x80, [bytes]);
}

/** A list of encoded items. */
export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  return prefixed(0xc0, items);
}

function prefixed(kind: number, parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (size < 56) return Buffer.concat([Uint8Array.of(kind + size), ...parts]);
  const length = toBeArray(size);
  return Buffer.concat([Uint8Array.of(kind + 55 + length.length), length, ...parts]);
}

/** @throws TypeError if the text is not hex */
export function bytesOf(hex: string): Uint8Array {
  const bytes = Buffer.from(hex.slice(2), 'hex');
  // Node stops at the first character that is not hex.
  return 2 * bytes.length + 2 === hex.length ? bytes : getBytes(hex);
}

/**
 * A byte string, of digits and in digits: to put many short pieces together, texts are several times faster
 * than arrays of bytes.
 */
export function rlpDigits(digits: string): string {
  const isOne = digits.length === 2 && digits < '80';
  return isOne ? digits : prefixDigits(0x80, digits.length / 2) + digits;
}

/** A list of encoded items, all in digits. */
export function rlpListDigits(items: string): string {
  return prefixDigits(0xc0, items.length / 2) + items;
}

function prefixDigits(kind: number, size: number): string {
  if (size < 56) return twoDigits(kind + size);
  const length = evenDigits(size.toString(16));
  return twoDigits(kind + 55 + length.length / 2) + length;
}

/** The digits of a number in as few bytes as it needs; `hex` may have leading zeros. */
export function quantityDigits(hex: string): string {
  return evenDigits(hex.slice(2).replace(/^0+/, ''));
}

/** Digits of whole bytes. */
export function evenDigits(digits: string): string {
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

const twoDigits = (byte: number) => byte.toString(16).padStart(2, '0');
