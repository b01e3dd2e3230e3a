import type { ClientBase } from 'pg';
import { blockId } from '../ids.js';
import { type Hex, hexBytes } from '../read/query/decode.js';

/** The basis of a computation: all blocks up to a height. */
export interface FinalSpan {
  readonly height: number;
  /** The newest of them that was read; `null`: none has operations. */
  readonly newest: { readonly number: number; readonly hash: Hex } | null;
}

/**
 * Writes a result computed from final blocks, in a transaction of its own, unless the blocks are
 * gone: a reorg deeper than finality removes everything, and may happen during the computation. The
 * lock keeps `rollbackAbove` out until the commit.
 *
 * @returns whether the blocks were still there
 */
export async function writeWhileFinal(
  client: ClientBase,
  chainId: number,
  { height, newest }: FinalSpan,
  write: () => Promise<void>,
): Promise<boolean> {
  await client.query('BEGIN');
  try {
    const { rows: final } = await client.query(
      'SELECT 1 FROM chain_cursor WHERE chain_id = $1 AND finalized_height >= $2 FOR SHARE',
      [chainId, height],
    );
    // A separate statement, so that it sees commits from before it got the lock.
    const isThere =
      final.length > 0 && (newest === null || (await isKnown(client, chainId, newest)));
    if (isThere) await write();
    await client.query('COMMIT');
    return isThere;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** A block's hash covers all blocks below it. */
async function isKnown(
  client: ClientBase,
  chainId: number,
  block: { readonly number: number; readonly hash: Hex },
): Promise<boolean> {
  const { rows } = await client.query('SELECT 1 FROM block WHERE id = $1 AND hash = $2', [
    blockId(chainId, block.number),
    hexBytes(block.hash),
  ]);
  return rows.length > 0;
}
