import { Breather } from './breathe.js';
import { type Keccak256, NODE_BYTES } from './leaf.js';

type Hex = `0x${string}`;

/** Nodes between two looks at the clock. */
const STEP = 256;

/**
 * A Merkle tree in the layout of OpenZeppelin's StandardMerkleTree: leaves sorted by their
 * bytes, a complete binary tree in one array with the root at 0 and the children of `i` at
 * `2i + 1` and `2i + 2`, the smallest leaf last; a pair is hashed smaller half first.
 *
 * Its nodes are one buffer: 64 bytes for each leaf, where OpenZeppelin's own library keeps 3 kB.
 */
export class MerkleTree {
  private constructor(
    private readonly nodes: Buffer,
    readonly leafCount: number,
  ) {}

  /**
   * Builds a tree without blocking the process.
   *
   * @param leaves 32 bytes each, one after the other, at least one
   */
  static async build(keccak256: Keccak256, leaves: Buffer): Promise<MerkleTree> {
    const leafCount = leaves.length / NODE_BYTES;
    if (leafCount < 1 || !Number.isInteger(leafCount)) {
      throw new RangeError(`no tree over ${leaves.length} bytes`);
    }
    const breather = new Breather();
    const order = await sortedOrder(leaves, breather);
    const nodes = Buffer.alloc((2 * leafCount - 1) * NODE_BYTES);
    let place = 2 * leafCount - 2;
    for (const leaf of order) {
      copyNode(leaves, leaf, nodes, place--);
      if (place % STEP === 0) await breather.breathe();
    }
    const pair = Buffer.alloc(2 * NODE_BYTES);
    for (let node = leafCount - 2; node >= 0; node--) {
      const [left, right] = [2 * node + 1, 2 * node + 2];
      const inOrder = compareNodes(nodes, left, nodes, right) <= 0;
      copyNode(nodes, inOrder ? left : right, pair, 0);
      copyNode(nodes, inOrder ? right : left, pair, 1);
      nodes.set(keccak256(pair), node * NODE_BYTES);
      if (node % STEP === 0) await breather.breathe();
    }
    return new MerkleTree(nodes, leafCount);
  }

  get root(): Hex {
    return this.node(0);
  }

  /** Bytes that it takes in memory. */
  get size(): number {
    return this.nodes.length;
  }

  /** The siblings from a leaf up to the root; `null` if the tree has no such leaf. */
  proofOf(leaf: Uint8Array): Hex[] | null {
    let node = this.find(Buffer.from(leaf));
    if (node === null) return null;
    const proof: Hex[] = [];
    while (node > 0) {
      proof.push(this.node(node % 2 === 1 ? node + 1 : node - 1));
      node = Math.floor((node - 1) / 2);
    }
    return proof;
  }

  /** Binary search: leaves ascend towards the front of the array. */
  private find(leaf: Buffer): number | null {
    let [low, high] = [this.leafCount - 1, 2 * this.leafCount - 2];
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const order = compareNodes(this.nodes, middle, leaf, 0);
      if (order === 0) return middle;
      if (order > 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  private node(index: number): Hex {
    return `0x${this.nodes.toString('hex', index * NODE_BYTES, (index + 1) * NODE_BYTES)}`;
  }
}

/** Positions of the leaves in the order of their bytes. */
async function sortedOrder(leaves: Buffer, breather: Breather): Promise<Uint32Array> {
  const count = leaves.length / NODE_BYTES;
  // Hashes are spread evenly: what the first two bytes leave to sort is a few leaves each.
  const ends = new Uint32Array(0x10001);
  const bucketOf = (leaf: number) => leaves.readUInt16BE(leaf * NODE_BYTES);
  for (let leaf = 0; leaf < count; leaf++) {
    add(ends, bucketOf(leaf) + 1, 1);
    if (leaf % STEP === 0) await breather.breathe();
  }
  for (let bucket = 1; bucket < ends.length; bucket++) add(ends, bucket, ends[bucket - 1] ?? 0);
  const order = new Uint32Array(count);
  const next = ends.slice();
  for (let leaf = 0; leaf < count; leaf++) {
    const bucket = bucketOf(leaf);
    order[next[bucket] ?? 0] = leaf;
    add(next, bucket, 1);
    if (leaf % STEP === 0) await breather.breathe();
  }
  for (let bucket = 0; bucket < 0x10000; bucket++) {
    const part = order.subarray(ends[bucket], ends[bucket + 1]);
    if (part.length > 1) part.sort((left, right) => compareNodes(leaves, left, leaves, right));
    if (bucket % STEP === 0) await breather.breathe();
  }
  return order;
}

function add(numbers: Uint32Array, index: number, value: number): void {
  numbers[index] = (numbers[index] ?? 0) + value;
}

function compareNodes(left: Buffer, leftNode: number, right: Buffer, rightNode: number): number {
  const [leftAt, rightAt] = [leftNode * NODE_BYTES, rightNode * NODE_BYTES];
  return left.compare(right, rightAt, rightAt + NODE_BYTES, leftAt, leftAt + NODE_BYTES);
}

function copyNode(from: Buffer, node: number, to: Buffer, place: number): void {
  from.copy(to, place * NODE_BYTES, node * NODE_BYTES, (node + 1) * NODE_BYTES);
}
