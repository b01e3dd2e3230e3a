import type { Keccak256 } from './keccak.js';

/** Bytes of a node of the tree. */
export const NODE_BYTES = 32;

/** Of `abi.encode(address, uint256)`. */
const ENCODED_BYTES = 64;
const ADDRESS_AT = 12;

/**
 * The leaf of one holder: `keccak256(keccak256(abi.encode(holder, amount)))`, as
 * OpenZeppelin's StandardMerkleTree makes it of `['address', 'uint256']`. It is hashed twice so
 * that no inner node, which is the hash of 64 bytes too, can pass for a leaf.
 *
 * @param holder 20 bytes
 * @throws RangeError for an amount that is not a uint256, or a holder that is not an address
 */
export function entitlementLeaf(
  keccak256: Keccak256,
  holder: Uint8Array,
  amount: bigint,
): Uint8Array {
  if (holder.length !== NODE_BYTES - ADDRESS_AT || amount < 0n || amount >= 2n ** 256n) {
    throw new RangeError(`no leaf for ${amount} of a holder of ${holder.length} bytes`);
  }
  const encoded = Buffer.alloc(ENCODED_BYTES);
  encoded.set(holder, ADDRESS_AT);
  encoded.write(amount.toString(16).padStart(64, '0'), NODE_BYTES, 'hex');
  return keccak256(keccak256(encoded));
}

/** Leaves that come one by one. */
export class LeafList {
  private bytes = Buffer.alloc(1024 * NODE_BYTES);
  private count = 0;

  add(leaf: Uint8Array): void {
    const at = this.count * NODE_BYTES;
    if (at === this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(at)]);
    this.bytes.set(leaf, at);
    this.count++;
  }

  /** All of them, one after the other. */
  toBytes(): Buffer {
    return this.bytes.subarray(0, this.count * NODE_BYTES);
  }
}

export interface SnapshotShare {
  /** 20 bytes. */
  readonly account: Buffer;
  /** `balanceAt * CA[id] // supplyAt` (ERC-7641 `claimableRevenue`), claimed or not. */
  readonly shareWei: bigint;
}
