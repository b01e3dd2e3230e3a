import { getAddress } from 'ethers';

/** A 20-byte address in lower case hex, as nodes return it. */
export type Address = `0x${string}`;

export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';

const ADDRESS_BYTES = 20;

/** EIP-55 form, for people. */
export function checksummed(address: Address): string {
  return getAddress(address);
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
