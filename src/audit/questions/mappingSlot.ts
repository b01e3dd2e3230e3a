import { AbiCoder, keccak256 } from 'ethers';

/** Slot of the entry of a mapping with an integer key: `keccak256(abi.encode(key, slot))`. */
export function mappingSlot(slot: bigint, key: number): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [key, slot])));
}
