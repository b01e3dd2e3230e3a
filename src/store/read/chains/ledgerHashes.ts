import { type Hex, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The ledger hash of a chain up to a block. */
export interface LedgerHashPoint {
  readonly chainId: number;
  readonly block: number;
  readonly hash: Hex;
}

/** How far each chain is hashed, and its hash there; by chain id. */
export async function readHashPoints(db: Queryable): Promise<ReadonlyMap<number, LedgerHashPoint>> {
  const rows = await readRows<{
    readonly chain_id: number;
    readonly height: number;
    readonly hash: Buffer;
  }>(db, 'hash_points', 'SELECT chain_id, height, hash FROM hash_cursor WHERE chain_id > 0', []);
  return new Map(
    rows.map(({ chain_id: chainId, height, hash }) => [
      chainId,
      { chainId, block: height, hash: hexOf(hash) },
    ]),
  );
}

/** The hash in the newest block with operations up to a block; `null` before the first. */
export async function readLedgerHash(
  db: Queryable,
  chainId: number,
  block: number,
): Promise<LedgerHashPoint | null> {
  const [row] = await readRows<{ readonly block_number: number; readonly hash: Buffer }>(
    db,
    'ledger_hash',
    `SELECT block_number, hash FROM ledger_hash
     WHERE chain_id = $1 AND block_number <= $2 ORDER BY block_number DESC LIMIT 1`,
    [chainId, block],
  );
  return row === undefined ? null : { chainId, block: row.block_number, hash: hexOf(row.hash) };
}
