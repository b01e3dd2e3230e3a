import type { ClientBase } from 'pg';
import { isGroup } from '../../store/booksKey.js';
import { beginSql } from '../../store/database/beginSql.js';
import { readContractNumbers } from '../../store/registry/contractNumbers.js';
import { type IndexedPoint, readCursor, writeCursor } from '../../store/write/cursor.js';
import { timedKnownBlock } from '../../store/write/knownBlocks.js';
import { rollbackAbove } from '../../store/write/rollback.js';

/**
 * Takes back what a chain's blocks above `height` did, so that the next run reads them again. Goes
 * back further where the hash of that block is not known. A chain that is not indexed so far is
 * left as it is. Archived books stay: nothing reads their blocks again.
 *
 * @returns the block from whose end indexing continues; `null`: from the first block
 */
export async function rewindChain(
  db: ClientBase,
  chainId: number,
  height: number,
): Promise<IndexedPoint | null> {
  const cursor = await readCursor(db, chainId);
  if (cursor === null || cursor.head.height <= height) return cursor?.head ?? null;
  const known = await timedKnownBlock(db, chainId, height);
  await db.query(beginSql(chainId));
  try {
    const numbers = await readContractNumbers(db, chainId);
    // A group without a known block has no row up to there: the other groups keep theirs, and readers too.
    const to = known?.height ?? (isGroup(chainId) ? height : 0);
    await rollbackAbove(db, chainId, numbers, Math.max(to, 0), 'keep');
    if (known === null) {
      await db.query('DELETE FROM chain_cursor WHERE chain_id = $1', [chainId]);
    } else {
      const finalized = cursor.finalized.height <= known.height ? cursor.finalized : known;
      await writeCursor(db, chainId, known, finalized);
    }
    await db.query('COMMIT');
    return known;
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
