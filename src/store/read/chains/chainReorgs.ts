import { type Hex, hexOf, optionalHex } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A reorg that was handled. */
export interface ChainReorg {
  readonly chainId: number;
  /** Counts the reorgs of the chain, from 1. */
  readonly number: number;
  /** The first block that was taken back. */
  readonly firstBlock: number;
  /** Indexed blocks that were taken back. */
  readonly depth: number;
  /** The newest block of the abandoned chain that was indexed. */
  readonly oldHead: number;
  readonly oldHeadHash: Hex;
  /** Hash of `firstBlock` on the abandoned chain; `null` if it was not kept. */
  readonly oldHash: Hex | null;
  /** Hash of `firstBlock` on the new chain; `null` if it had none yet. */
  readonly newHash: Hex | null;
  readonly rowsTakenBack: number;
  readonly handledAt: Date;
}

/** The reorgs that are kept: of each chain the newest, at most `REORGS_KEPT`. */
export async function readChainReorgs(db: Queryable): Promise<ChainReorg[]> {
  const rows = await readRows<{
    readonly chain_id: number;
    readonly number: number;
    readonly fork_height: number;
    readonly old_head: number;
    readonly old_head_hash: Buffer;
    readonly old_hash: Buffer | null;
    readonly new_hash: Buffer | null;
    readonly rows_taken_back: number;
    readonly handled_at: Date;
  }>(db, 'chain_reorgs', 'SELECT * FROM chain_reorg ORDER BY chain_id, number', []);
  return rows.map((row) => ({
    chainId: row.chain_id,
    number: row.number,
    firstBlock: row.fork_height + 1,
    depth: row.old_head - row.fork_height,
    oldHead: row.old_head,
    oldHeadHash: hexOf(row.old_head_hash),
    oldHash: optionalHex(row.old_hash),
    newHash: optionalHex(row.new_hash),
    rowsTakenBack: row.rows_taken_back,
    handledAt: row.handled_at,
  }));
}
