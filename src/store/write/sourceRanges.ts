import type { SqlClient } from '../database/sqlClient.js';
import type { SourceRange } from '../read/chains/sourceRanges.js';

/** Stores how final blocks were found. Blocks that continue the newest range extend it. */
export async function writeSourceRange(
  db: SqlClient,
  { chainId, fromBlock, toBlock, finder, proof }: SourceRange,
): Promise<void> {
  await cutSourceRanges(db, chainId, fromBlock - 1);
  const { rowCount } = await db.query(
    `UPDATE source_range SET to_block = $3
     WHERE chain_id = $1 AND to_block = $2 - 1 AND finder = $4 AND proof = $5`,
    [chainId, fromBlock, toBlock, finder, proof],
  );
  if (rowCount !== 0) return;
  await db.query(
    `INSERT INTO source_range (chain_id, from_block, to_block, finder, proof)
     VALUES ($1, $2, $3, $4, $5)`,
    [chainId, fromBlock, toBlock, finder, proof],
  );
}

/** Deletes how blocks above a height were found. */
export async function cutSourceRanges(
  db: SqlClient,
  chainId: number,
  height: number,
): Promise<void> {
  await db.query('DELETE FROM source_range WHERE chain_id = $1 AND from_block > $2', [
    chainId,
    height,
  ]);
  await db.query('UPDATE source_range SET to_block = $2 WHERE chain_id = $1 AND to_block > $2', [
    chainId,
    height,
  ]);
}
