import { type Address, addressFromBytes } from '../../../address.js';

/** Bytes as lower-case hex: a hash, a selector. */
export type Hex = `0x${string}`;

export function hexOf(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

export function hexBytes(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

export function optionalHex(bytes: Buffer | null): Hex | null {
  return bytes === null ? null : hexOf(bytes);
}

export function optionalAddress(bytes: Buffer | null): Address | null {
  return bytes === null ? null : addressFromBytes(bytes);
}

/** Both ends belong to the range; an end that is absent leaves it open. */
export interface Range<Value> {
  readonly gte?: Value | null;
  readonly lte?: Value | null;
}
