import { checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { entitlementTree } from '../../proofs/entitlementTree.js';
import type { MerkleTree } from '../../proofs/merkleTree.js';
import {
  readSnapshotShares,
  type SharedSnapshot,
} from '../../store/read/entitlements/snapshotShares.js';
import type { Hex } from '../../store/read/query/decode.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { LeastRecentlyUsed } from './leastRecentlyUsed.js';

/** 64 MB for a million holders: a few at most. */
const TREES_KEPT = 4;

/**
 * The trees behind the committed roots, built on request: they follow from the rows of the books,
 * so only their roots are stored. One is built at a time, without blocking.
 */
export class EntitlementTrees {
  private readonly trees = new LeastRecentlyUsed<MerkleTree | null>(TREES_KEPT);
  private building: Promise<unknown> = Promise.resolve();

  constructor(private readonly db: Queryable) {}

  /** @throws ImoError `COMMITMENT_DIFFERS` if the books do not give the committed root any more. */
  async read(token: TokenRecord, snapshot: SharedSnapshot, root: Hex): Promise<MerkleTree> {
    const { bookNumber, snapshotId } = snapshot;
    const tree = await this.trees.get(`${bookNumber} ${snapshotId} ${root}`, () =>
      this.build(snapshot),
    );
    if (tree?.root === root) return tree;
    throw new ImoError(
      'COMMITMENT_DIFFERS',
      `the books of ${checksummed(token.address)} do not give the root that snapshot ${snapshotId} was committed with`,
      'Rows were changed after the commitment. Report it to the operator, and do not rely on this server.',
    );
  }

  private build(snapshot: SharedSnapshot): Promise<MerkleTree | null> {
    const built = this.building.then(() => entitlementTree(readSnapshotShares(this.db, snapshot)));
    // The request gets its failure; the next tree is still built.
    this.building = built.catch(() => undefined);
    return built;
  }
}
