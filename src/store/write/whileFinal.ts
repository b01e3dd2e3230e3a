import type { ClientBase } from 'pg';
import { blockId } from '../ids.js';
import { type Hex, hexBytes } from '../read/query/decode.js';

/** What something was worked out from: all blocks up to a height. */
export interface FinalSpan {
  readonly height: number;
  /** The newest of them that was read; `null`: none has operations. */
  readonly newest: { readonly number: number; readonly hash: Hex } | null;
}

/**
 * Writes what was worked out from final blocks, in a transaction of its own, unless they are no
 * longer there: a reorg deeper than finality takes back everything, and may do so while somebody
 * is computing. The lock keeps `rollbackAbove` out until the commit.
 *
 * @returns whether they were there
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
    // A statement of its own: it must see what was committed while the lock was waited for.
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

/** A block's hash stands for all blocks below it. */
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
