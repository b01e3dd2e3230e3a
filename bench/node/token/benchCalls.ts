import { AbiCoder } from 'ethers';
import type { Address } from '../../../src/address.js';
import { bytesOf } from '../../../src/chain/rpc/blocks/rlp.js';
import { loadKeccak256 } from '../../../src/proofs/keccak.js';
import { word } from '../hex.js';

const keccak256 = await loadKeccak256();
const holders: Address[] = [];

/** `benchHolder(uint256)` of `RevShareBench.sol`. */
export function benchHolder(index: number): Address {
  const known = holders[index];
  if (known !== undefined) return known;
  const coder = AbiCoder.defaultAbiCoder();
  const hash = hashBytes(coder.encode(['string', 'uint256'], ['bench holder', index]));
  const holder: Address = `0x${hash.toString('hex', 12)}`;
  holders[index] = holder;
  return holder;
}

interface BenchTransfer {
  readonly from: Address;
  readonly to: Address;
  /** Of 2 ** 22 parts of what the sender has. */
  readonly part: bigint;
}

/** The transfers of `benchTransfers(uint256,uint256,uint256)`. */
export function benchTransfers(seed: bigint, count: number, among: bigint): BenchTransfer[] {
  return Array.from({ length: count }, (_, index) => {
    const random = hashBytes(word(seed) + word(index).slice(2));
    return {
      from: benchHolder(Number(random.readBigUInt64BE(24) % among)),
      to: benchHolder(Number(random.readBigUInt64BE(16) % among)),
      part: BigInt(random.readUInt16BE(14)),
    };
  });
}

function hashBytes(hex: string): Buffer {
  return Buffer.from(keccak256(bytesOf(hex)));
}
