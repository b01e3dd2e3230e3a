/** Keccak-256 of some bytes: 32 bytes. */
export type Keccak256 = (bytes: Uint8Array) => Uint8Array;

/** Bytes of a node of the tree. */
export const NODE_BYTES = 32;

/** Of `abi.encode(address, uint256)`. */
const ENCODED_BYTES = 64;
const ADDRESS_AT = 12;
const WORD_BITS = 64;
const WORDS = 4;

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
  const encoded = new Uint8Array(ENCODED_BYTES);
  encoded.set(holder, ADDRESS_AT);
  const view = new DataView(encoded.buffer);
  for (let word = 0; word < WORDS; word++) {
    const part = BigInt.asUintN(WORD_BITS, amount >> BigInt(WORD_BITS * (WORDS - 1 - word)));
    view.setBigUint64(NODE_BYTES + word * (WORD_BITS / 8), part);
  }
  return keccak256(keccak256(encoded));
}

/**
 * The root that a leaf and its siblings lead to: of each pair the smaller half is hashed first, as OpenZeppelin's
 * MerkleProof does.
 *
 * @param siblings from the leaf up, 32 bytes each
 */
export function rootOfProof(
  keccak256: Keccak256,
  leaf: Uint8Array,
  siblings: readonly Uint8Array[],
): Uint8Array {
  const pair = new Uint8Array(2 * NODE_BYTES);
  return siblings.reduce((node, sibling) => {
    const inOrder = compareBytes(node, sibling) <= 0;
    pair.set(inOrder ? node : sibling, 0);
    pair.set(inOrder ? sibling : node, NODE_BYTES);
    return keccak256(pair);
  }, leaf);
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
