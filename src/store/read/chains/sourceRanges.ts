import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

export const SOURCE_FINDERS = ['portal', 'gateway', 'ranges', 'state', 'blocks'] as const;
export const SOURCE_PROOFS = ['state', 'balance', 'blocks', 'audit'] as const;

export type SourceFinder = (typeof SOURCE_FINDERS)[number];
export type SourceProof = (typeof SOURCE_PROOFS)[number];

/** How the final blocks of a range were found, and what proves that the range is complete. */
export interface SourceRange {
  readonly chainId: number;
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly finder: SourceFinder;
  readonly proof: SourceProof;
}

interface Row {
  readonly chain_id: string;
  readonly from_block: string;
  readonly to_block: string;
  readonly finder: SourceFinder;
  readonly proof: SourceProof;
}

/**
 * The ranges of all chains, in the order of their blocks. Blocks outside of all ranges were read
 * one by one.
 */
export async function readSourceRanges(db: Queryable): Promise<SourceRange[]> {
  const rows = await readRows<Row>(
    db,
    'source_ranges',
    'SELECT * FROM source_range WHERE chain_id > 0 ORDER BY chain_id, from_block',
    [],
  );
  return rows.map((row) => ({
    chainId: Number(row.chain_id),
    fromBlock: Number(row.from_block),
    toBlock: Number(row.to_block),
    finder: row.finder,
    proof: row.proof,
  }));
}
