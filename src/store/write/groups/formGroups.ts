import type { ClientBase } from 'pg';
import type { SqlClient } from '../../database/sqlClient.js';
import { readContractNumbers } from '../../registry/contractNumbers.js';
import { type ContractGroup, insertGroup, readGroups } from '../../registry/groups.js';
import { readCursor } from '../cursor.js';
import { rollbackAbove } from '../rollback.js';
import { copyBlocks, lockCommonHead } from './commonHead.js';

/**
 * Divides the contracts of a chain into groups, while nobody indexes the chain: each group continues from the head of
 * the chain.
 */
export async function formGroups(
  db: ClientBase,
  chainId: number,
  groups: readonly ContractGroup[],
): Promise<void> {
  await inTransaction(db, async () => {
    await lockCommonHead(db, chainId);
    const head = (await readCursor(db, chainId))?.head.height ?? -1;
    for (const group of groups) {
      const { key } = group;
      await insertGroup(db, chainId, group);
      await db.query(
        `INSERT INTO chain_cursor
           (chain_id, height, hash, "timestamp", finalized_height, finalized_hash)
         SELECT $2, height, hash, "timestamp", finalized_height, finalized_hash
         FROM chain_cursor WHERE chain_id = $1`,
        [chainId, key],
      );
      await db.query(
        `INSERT INTO hot_block (chain_id, height, hash, "timestamp")
         SELECT $2, height, hash, "timestamp" FROM hot_block WHERE chain_id = $1`,
        [chainId, key],
      );
      await copyBlocks(db, key, chainId, { after: -1, upTo: head });
    }
  });
}

/**
 * Makes one chain of its groups, while nobody indexes any of them: takes back what some groups have above the head of
 * the chain. Does nothing for a chain without groups.
 *
 * @returns how far the group was that was the furthest, and the head of the chain; `null`: nothing was taken back
 */
export async function dissolveGroups(
  db: ClientBase,
  chainId: number,
): Promise<{ readonly from: number; readonly to: number } | null> {
  const groups = await readGroups(db, chainId);
  if (groups.length === 0) return null;
  return inTransaction(db, async () => {
    await lockCommonHead(db, chainId);
    const common = await readCursor(db, chainId);
    let furthest = -1;
    for (const { key } of groups) {
      furthest = Math.max(furthest, (await readCursor(db, key))?.head.height ?? -1);
    }
    const to = common?.head.height ?? -1;
    const isAhead = furthest > to;
    if (isAhead) {
      const numbers = await readContractNumbers(db, chainId);
      await rollbackAbove(db, chainId, numbers, Math.max(to, 0), 'keep');
    }
    const keys = groups.map(({ key }) => key);
    for (const table of ['chain_cursor', 'hot_block', 'block', 'source_range']) {
      await db.query(`DELETE FROM ${table} WHERE chain_id = ANY($1)`, [keys]);
    }
    await db.query('DELETE FROM chain_group WHERE key = ANY($1)', [keys]);
    return isAhead ? { from: furthest, to } : null;
  });
}

async function inTransaction<T>(db: SqlClient, work: () => Promise<T>): Promise<T> {
  await db.query('BEGIN');
  try {
    const result = await work();
    await db.query('COMMIT');
    return result;
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
