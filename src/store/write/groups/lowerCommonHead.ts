import type { SqlClient } from '../../database/sqlClient.js';
import { announceCommit } from '../commitNotice.js';
import { readCursor, writeCursor } from '../cursor.js';
import { timedKnownBlock } from '../knownBlocks.js';
import { cutSourceRanges } from '../sourceRanges.js';

/**
 * Takes the head of a chain back in the transaction that rolls one of its groups back: answers are as of a block that
 * all groups have. Goes back further where the hash of the block is not known. The other groups keep their rows, which
 * no answer has until all of them have the block again.
 *
 * The caller has the lock of `lockCommonHead`.
 */
export async function lowerCommonHead(
  db: SqlClient,
  chainId: number,
  height: number,
): Promise<void> {
  const cursor = await readCursor(db, chainId);
  if (cursor === null || cursor.head.height <= height) return;
  const known = await timedKnownBlock(db, chainId, height);
  const above = known?.height ?? -1;
  await db.query('DELETE FROM block WHERE chain_id = $1 AND number > $2', [chainId, above]);
  await db.query('DELETE FROM hot_block WHERE chain_id = $1 AND height > $2', [chainId, above]);
  await cutSourceRanges(db, chainId, above);
  if (known === null) {
    await db.query('DELETE FROM chain_cursor WHERE chain_id = $1', [chainId]);
  } else {
    const { finalized } = cursor;
    await writeCursor(db, chainId, known, finalized.height <= above ? finalized : known);
  }
  const blocks = { fromBlock: above + 1, toBlock: cursor.head.height };
  await announceCommit(db, { chainId, kind: 'rollback', ...blocks });
}
