import { word } from '../hex.js';

/** Length and content of dynamic bytes, filled up to whole words, without `0x`. */
export function paddedBytes(bytes: string): string {
  const digits = bytes.slice(2);
  const length = Math.ceil(digits.length / 64) * 64;
  return word(digits.length / 2).slice(2) + digits.padEnd(length, '0');
}
