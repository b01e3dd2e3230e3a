import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** How far a chain is indexed. */
export interface ChainHead {
  readonly chainId: number;
  /** Newest indexed block. */
  readonly block: number;
  readonly hash: Hex;
  /** Time of that block, where the processor knew it. */
  readonly timestamp: Date | null;
  /** Newest indexed block that no reorg can take back any more. */
  readonly finalizedBlock: number;
  /** Its hash. */
  readonly finalizedHash: Hex;
}

/** A row of `chain_cursor`. */
export interface ChainHeadRow {
  readonly chain_id: number;
  readonly height: number;
  readonly hash: Buffer;
  readonly timestamp: Date | null;
  readonly finalized_height: number;
  readonly finalized_hash: Buffer;
}

/** One head for each chain of which at least one block is indexed, by chain id. */
export async function readChainHeads(db: Queryable): Promise<ReadonlyMap<number, ChainHead>> {
  const rows = await readRows<ChainHeadRow>(
    db,
    'chain_heads',
    `SELECT chain_id, height, hash, "timestamp", finalized_height, finalized_hash
     FROM chain_cursor WHERE height >= 0 AND chain_id > 0 ORDER BY chain_id`,
    [],
  );
  return new Map(rows.map((row) => [row.chain_id, decodeChainHead(row)]));
}

export function decodeChainHead(row: ChainHeadRow): ChainHead {
  return {
    chainId: row.chain_id,
    block: row.height,
    hash: hexOf(row.hash),
    timestamp: row.timestamp,
    finalizedBlock: row.finalized_height,
    finalizedHash: hexOf(row.finalized_hash),
  };
}
