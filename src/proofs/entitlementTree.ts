import { Breather } from './breathe.js';
import { LeafList, type SnapshotShare } from './entitlementLeaf.js';
import { loadKeccak256 } from './keccak.js';
import { entitlementLeaf } from './leaf.js';
import { MerkleTree } from './merkleTree.js';

/** How a commitment is made; names everything that a verifier has to know. */
export const COMMITMENT_ALGORITHM = "StandardMerkleTree(['address','uint256'])";

/** Leaves between two looks at the clock. */
const LEAVES_PER_LOOK = 256;

/** The tree over the shares of a snapshot; `null` if nobody has one. Does not block the process. */
export async function entitlementTree(
  pages: AsyncIterable<readonly SnapshotShare[]>,
): Promise<MerkleTree | null> {
  const keccak256 = await loadKeccak256();
  const breather = new Breather();
  const leaves = new LeafList();
  for await (const page of pages) {
    for (const [index, { account, shareWei }] of page.entries()) {
      leaves.add(entitlementLeaf(keccak256, account, shareWei));
      if (index % LEAVES_PER_LOOK === 0) await breather.breathe();
    }
  }
  const bytes = leaves.toBytes();
  return bytes.length === 0 ? null : MerkleTree.build(keccak256, bytes);
}
