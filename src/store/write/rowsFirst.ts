import type { ClientBase } from 'pg';
import { isDistributed } from '../distributed/distribution.js';
import { untilNodesFollow } from '../distributed/inDoubt.js';
import { blockId, LAST_BLOCK } from '../ids.js';
import { readContractNumbers } from '../registry/contractNumbers.js';
import { readCursor } from './cursor.js';
import { rollbackAbove } from './rollback.js';

/**
 * On a cluster, a transaction ends on the coordinator a moment before it ends on the other nodes. So the rows of a
 * commit are committed first, and the cursor when every node has them: who reads the cursor finds all rows up to it.
 * Rows above the cursor are in no answer, like those of a group of contracts that is ahead.
 *
 * A process that ends in between leaves rows above the cursor. The next one calls this before it reads any: it waits for
 * nodes that have not followed, and deletes these rows. They have blocks, so one look finds out.
 *
 * @param client with the lock of the chain, which has no groups
 */
export async function dropRowsAbove(client: ClientBase, chainId: number): Promise<void> {
  const height = (await readCursor(client, chainId))?.head.height ?? -1;
  const { rowCount } = await client.query('SELECT FROM block WHERE id > $1 AND id <= $2 LIMIT 1', [
    blockId(chainId, height),
    blockId(chainId, LAST_BLOCK),
  ]);
  if (rowCount === 0) return;
  await client.query('BEGIN');
  try {
    const numbers = await readContractNumbers(client, chainId);
    await rollbackAbove(client, chainId, numbers, height, 'keep');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Has every node of a cluster show what is committed. @returns whether the tables are those of a cluster */
export async function followedByNodes(client: ClientBase): Promise<boolean> {
  if (!(await isDistributed(client))) return false;
  await untilNodesFollow(client);
  return true;
}
