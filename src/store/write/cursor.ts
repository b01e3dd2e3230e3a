import type { SqlClient } from '../database/sqlClient.js';

/** A block by height and hash (0x…). */
export interface BlockPoint {
  readonly height: number;
  readonly hash: string;
}

export interface IndexedPoint extends BlockPoint {
  /** ISO 8601; `null` before the first block with a known time. */
  readonly timestamp: string | null;
}

/** How far a chain is indexed. */
export interface ChainCursor {
  readonly head: IndexedPoint;
  readonly finalized: BlockPoint;
  /** Indexed blocks above the finalised one, ascending. */
  readonly hot: readonly BlockPoint[];
}

/** `null` for a chain that was never indexed. */
export async function readCursor(db: SqlClient, chainId: number): Promise<ChainCursor | null> {
  const { rows } = await db.query<{
    height: number;
    hash: Buffer;
    timestamp: Date | null;
    finalized_height: number;
    finalized_hash: Buffer;
  }>('SELECT * FROM chain_cursor WHERE chain_id = $1', [chainId]);
  const row = rows[0];
  if (row === undefined) return null;
  const hot = await db.query<{ height: number; hash: Buffer }>(
    'SELECT height, hash FROM hot_block WHERE chain_id = $1 ORDER BY height',
    [chainId],
  );
  return {
    head: {
      height: row.height,
      hash: hexOf(row.hash),
      timestamp: row.timestamp?.toISOString() ?? null,
    },
    finalized: { height: row.finalized_height, hash: hexOf(row.finalized_hash) },
    hot: hot.rows.map(({ height, hash }) => ({ height, hash: hexOf(hash) })),
  };
}

/** Moves the cursor, in the transaction of the rows up to it. */
export async function writeCursor(
  db: SqlClient,
  chainId: number,
  head: IndexedPoint,
  finalized: BlockPoint,
): Promise<void> {
  await db.query(
    `INSERT INTO chain_cursor
       (chain_id, height, hash, "timestamp", finalized_height, finalized_hash)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (chain_id) DO UPDATE SET height = EXCLUDED.height, hash = EXCLUDED.hash,
       "timestamp" = EXCLUDED."timestamp", finalized_height = EXCLUDED.finalized_height,
       finalized_hash = EXCLUDED.finalized_hash`,
    [
      chainId,
      head.height,
      bytesOf(head.hash),
      head.timestamp,
      finalized.height,
      bytesOf(finalized.hash),
    ],
  );
}

/** Stores new unfinalised blocks and deletes those that are final now. */
export async function writeHotBlocks(
  db: SqlClient,
  chainId: number,
  blocks: readonly IndexedPoint[],
  finalizedHeight: number,
): Promise<void> {
  const hot = blocks.filter((block) => block.height > finalizedHeight);
  await db.query(
    `INSERT INTO hot_block (chain_id, height, hash, "timestamp")
     SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::timestamptz[])`,
    [
      chainId,
      hot.map((block) => block.height),
      hot.map((block) => bytesOf(block.hash)),
      hot.map((block) => block.timestamp),
    ],
  );
  await db.query('DELETE FROM hot_block WHERE chain_id = $1 AND height <= $2', [
    chainId,
    finalizedHeight,
  ]);
}

function bytesOf(hash: string): Buffer {
  return Buffer.from(hash.slice(2), 'hex');
}

function hexOf(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}
