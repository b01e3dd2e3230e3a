import type { Address } from '../../address.js';
import type { Hex } from '../../store/read/query/decode.js';

/** What one block added to one table of the books of a contract. */
export interface BookedPart {
  readonly table: string;
  readonly contract: Address;
  readonly asset: Address | null;
  readonly rows: number;
  readonly digest: Hex;
}

/** One side of a comparison: a deployment that can say its ledger hash at any block. */
export interface Deployment {
  readonly name: string;
  /** Newest block that is hashed; `null`: none. */
  hashedTo(chainId: number): Promise<number | null>;
  hashAt(chainId: number, block: number): Promise<Hex>;
  /** What the block itself added, from the rows as they are now. */
  partsOf(chainId: number, block: number): Promise<readonly BookedPart[]>;
}

/**
 * The first block after which two deployments differ; `null` if they are equal up to `upTo`.
 * Each hash stands for all blocks before it too, so that halving finds the block.
 */
export async function firstDifference(
  ours: Deployment,
  theirs: Deployment,
  chainId: number,
  upTo: number,
): Promise<number | null> {
  const differAt = async (block: number) => {
    const hashes = [ours.hashAt(chainId, block), theirs.hashAt(chainId, block)];
    const [our, their] = await Promise.all(hashes);
    return our !== their;
  };
  if (!(await differAt(upTo))) return null;
  let [equal, different] = [-1, upTo];
  while (different - equal > 1) {
    const middle = Math.floor((equal + different) / 2);
    if (await differAt(middle)) different = middle;
    else equal = middle;
  }
  return different;
}
