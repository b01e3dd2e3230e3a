import type { Hex } from './table.js';

/** Values of columns, as `pg` answers them. */

export function hexOf(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

export function optionalHex(bytes: Buffer | null): Hex | null {
  return bytes === null ? null : hexOf(bytes);
}

export function hexList(items: readonly Buffer[]): readonly Hex[] {
  return items.map(hexOf);
}

export function optionalBigInt(digits: string | null): bigint | null {
  return digits === null ? null : BigInt(digits);
}

function utf8Of(bytes: Buffer): string {
  return bytes.toString('utf8');
}

export function optionalUtf8(bytes: Buffer | null): string | null {
  return bytes === null ? null : utf8Of(bytes);
}
