import { getAddress } from 'ethers';

/** A 20-byte address in lower case hex, as nodes return it. */
export type Address = `0x${string}`;

export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';

const ADDRESS_BYTES = 20;

/** EIP-55 form, for people. */
export function checksummed(address: Address): string {
  return getAddress(address);
}

/**
 * Why a text is not an address: its form, or an EIP-55 checksum that does not fit; `null`: it is one.
 * Without capital letters, or with no others, it has no checksum.
 */
export function addressFault(text: string): 'form' | 'checksum' | null {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) return 'form';
  const digits = text.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase()) return null;
  return checksummed(text.toLowerCase() as Address) === text ? null : 'checksum';
}

/** The 20 bytes as Postgres keeps them. */
export function addressBytes(address: Address): Buffer {
  return Buffer.from(address.slice(2), 'hex');
}

/** One of several addresses that stand side by side, 20 bytes each. */
export function addressAt(bytes: Buffer, index: number): Address {
  return `0x${bytes.toString('hex', index * ADDRESS_BYTES, (index + 1) * ADDRESS_BYTES)}`;
}

export function addressFromBytes(bytes: Uint8Array): Address {
  const { buffer, byteOffset, byteLength } = bytes;
  return `0x${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}`;
}
