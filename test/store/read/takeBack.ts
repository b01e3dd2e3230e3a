import { rollbackAbove } from '../../../src/store/write/rollback.js';
import type { Books } from './books.js';

/** Takes the blocks above `height` back, as a reorg does; they must be hot. */
export async function takeBack(books: Books, tokenNumber: number, height: number): Promise<void> {
  const client = await books.pool.connect();
  try {
    await client.query('BEGIN');
    await rollbackAbove(client, 1, [tokenNumber], height);
    await client.query(
      `UPDATE chain_cursor c SET height = h.height, hash = h.hash, "timestamp" = h."timestamp"
       FROM hot_block h WHERE h.chain_id = c.chain_id AND h.height = $1`,
      [height],
    );
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
