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
