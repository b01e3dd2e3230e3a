import { loadKeccak256 } from '../../../proofs/keccak.js';
import { rlp, rlpList } from './rlp.js';

const keccak256 = await loadKeccak256();

interface Leaf {
  /** Four bits each. */
  readonly path: readonly number[];
  readonly value: Uint8Array;
}

/** Nothing is stored under any key. */
export const EMPTY_ROOT = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';

/** The root of a list in a Merkle Patricia trie, whose keys are the positions (Yellow Paper, appendix D). */
export function rootOfList(values: readonly Uint8Array[]): string {
  if (values.length === 0) return EMPTY_ROOT;
  const leaves = values.map((value, index): Leaf => {
    const key = [...rlp(toBytes(index))];
    return { path: key.flatMap((byte) => [byte >> 4, byte & 15]), value };
  });
  return `0x${Buffer.from(keccak256(nodeOf(leaves, 0))).toString('hex')}`;
}

/** A node over leaves that share the first nibbles. */
function nodeOf(leaves: readonly Leaf[], depth: number): Uint8Array {
  const [first] = leaves as [Leaf];
  if (leaves.length === 1) {
    return rlpList([rlp(packed(first.path.slice(depth), true)), rlp(first.value)]);
  }
  let shared = depth;
  while (leaves.every(({ path }) => path[shared] === first.path[shared])) shared++;
  if (shared > depth) {
    return rlpList([
      rlp(packed(first.path.slice(depth, shared), false)),
      reference(nodeOf(leaves, shared)),
    ]);
  }
  // No key is the beginning of another one, so no branch has a value.
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = leaves.filter(({ path }) => path[depth] === nibble);
    return below.length === 0 ? rlp(new Uint8Array()) : reference(nodeOf(below, depth + 1));
  });
  return rlpList([...children, rlp(new Uint8Array())]);
}

/** A short node is in its parent; of others the hash is. */
function reference(node: Uint8Array): Uint8Array {
  return node.length < 32 ? node : rlp(keccak256(node));
}

function packed(path: readonly number[], isLeaf: boolean): Uint8Array {
  const flag = (isLeaf ? 2 : 0) + (path.length % 2);
  const nibbles = path.length % 2 === 0 ? [flag, 0, ...path] : [flag, ...path];
  return Uint8Array.from({ length: nibbles.length / 2 }, (_, index) => {
    return ((nibbles[2 * index] ?? 0) << 4) | (nibbles[2 * index + 1] ?? 0);
  });
}

/** A whole number without leading zeros, as RLP wants it. */
export function toBytes(value: number): Uint8Array {
  if (value === 0) return new Uint8Array();
  if (value < 256) return Uint8Array.of(value);
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}
