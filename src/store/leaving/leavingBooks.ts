import type { SqlClient } from '../database/sqlClient.js';

/** Books that nobody reads any more, whose rows are not all deleted yet. */
export interface LeavingBooks {
  readonly number: number;
  /** The key of the books, negative for books that were to join. */
  readonly chainId: number;
  /** Rows and kept blocks from here on may be left. */
  readonly firstBlock: number;
}

/** Its rows and blocks are gone. The row stays while no greater number was given out. */
const GONE = 'gone';

/** The books that still have rows, of all chains or of one, the smallest numbers first. */
export async function readLeavingBooks(
  db: SqlClient,
  chainId: number | null = null,
): Promise<LeavingBooks[]> {
  const { rows } = await db.query<{ number: number; chain_id: number; first_block: number }>(
    `SELECT number, chain_id, first_block FROM leaving_books
     WHERE kind <> $1 AND ($2::bigint IS NULL OR chain_id = $2) ORDER BY number`,
    [GONE, chainId],
  );
  return rows.map(({ number, chain_id, first_block }) => ({
    number,
    chainId: chain_id,
    firstBlock: first_block,
  }));
}

/** Notes that the kept blocks below one are cleaned. */
export async function noteCleanedBlocks(
  db: SqlClient,
  numbers: readonly number[],
  nextBlock: number,
): Promise<void> {
  await db.query(
    'UPDATE leaving_books SET first_block = greatest(first_block, $2) WHERE number = ANY($1)',
    [numbers, nextBlock],
  );
}

/**
 * Notes that nothing of some books is left. A number is never given out twice: ids of the old books
 * may be in cursors of clients. So the greatest number stays until a greater one is in use.
 */
export async function noteGone(db: SqlClient, numbers: readonly number[]): Promise<void> {
  await db.query('UPDATE leaving_books SET kind = $2 WHERE number = ANY($1)', [numbers, GONE]);
  // Two statements: a cluster would look for `leaving_books` on a node that has the registry.
  const { rows } = await db.query<{ greatest: number | null }>(
    `SELECT max(number) AS greatest FROM (
       SELECT number FROM token UNION ALL SELECT number FROM contract
       UNION ALL SELECT number FROM revenue_asset UNION ALL SELECT number FROM price_feed
       UNION ALL SELECT number FROM leaving_books) AS numbered`,
  );
  await db.query('DELETE FROM leaving_books WHERE kind = $1 AND number < $2', [
    GONE,
    rows[0]?.greatest ?? null,
  ]);
}
