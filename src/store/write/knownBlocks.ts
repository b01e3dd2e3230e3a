import type { SqlClient } from '../database/sqlClient.js';
import { blockId, LAST_BLOCK } from '../ids.js';
import type { BlockPoint, IndexedPoint } from './cursor.js';

/**
 * Returns the newest block up to `height` whose hash is stored: the indexed head, blocks that are
 * not final yet, the newest final block, and every block with operations. `null` if there is none.
 */
export async function newestKnownBlock(
  db: SqlClient,
  chainId: number,
  height: number,
): Promise<BlockPoint | null> {
  const { rows } = await db.query<{ height: number; hash: Buffer }>(
    `(SELECT height, hash FROM hot_block WHERE chain_id = $1 AND height <= $2
        ORDER BY height DESC LIMIT 1)
      UNION ALL SELECT height, hash FROM chain_cursor WHERE chain_id = $1 AND height <= $2
      UNION ALL SELECT finalized_height, finalized_hash FROM chain_cursor
        WHERE chain_id = $1 AND finalized_height <= $2
      UNION ALL (SELECT number, hash FROM block WHERE id > $3 AND id <= $4
        ORDER BY id DESC LIMIT 1)
      ORDER BY 1 DESC LIMIT 1`,
    [chainId, height, blockId(chainId, 0), blockId(chainId, Math.max(height, 0))],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return { height: row.height, hash: `0x${row.hash.toString('hex')}` };
}

/** The oldest block from `height` on whose hash is stored; `null` if there is none. */
export async function oldestKnownBlock(
  db: SqlClient,
  chainId: number,
  height: number,
): Promise<BlockPoint | null> {
  const { rows } = await db.query<{ height: number; hash: Buffer }>(
    `(SELECT height, hash FROM hot_block WHERE chain_id = $1 AND height >= $2
        ORDER BY height LIMIT 1)
      UNION ALL SELECT height, hash FROM chain_cursor WHERE chain_id = $1 AND height >= $2
      UNION ALL SELECT finalized_height, finalized_hash FROM chain_cursor
        WHERE chain_id = $1 AND finalized_height >= $2
      UNION ALL (SELECT number, hash FROM block WHERE id >= $3 AND id <= $4
        ORDER BY id LIMIT 1)
      ORDER BY 1 LIMIT 1`,
    [chainId, height, blockId(chainId, Math.max(height, 0)), blockId(chainId, LAST_BLOCK)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return { height: row.height, hash: `0x${row.hash.toString('hex')}` };
}

/** The newest known block with its time, if the time is stored. */
export async function timedKnownBlock(
  db: SqlClient,
  chainId: number,
  height: number,
): Promise<IndexedPoint | null> {
  const known = await newestKnownBlock(db, chainId, height);
  if (known === null) return null;
  const { rows } = await db.query<{ timestamp: Date | null }>(
    `SELECT max("timestamp") AS "timestamp" FROM (
       SELECT "timestamp" FROM hot_block WHERE chain_id = $1 AND height = $2
       UNION ALL SELECT "timestamp" FROM chain_cursor WHERE chain_id = $1 AND height = $2
       UNION ALL SELECT "timestamp" FROM block WHERE id = $3) AS known`,
    [chainId, known.height, blockId(chainId, known.height)],
  );
  return { ...known, timestamp: rows[0]?.timestamp?.toISOString() ?? null };
}
