import type { ClientBase } from 'pg';
import { joiningKey } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';
import { leaveBooks } from '../leaving/leaveBooks.js';
import { readJoiningContracts } from './joiningBooks.js';

/** Kept blocks that are deleted in one statement. */
const BLOCKS_AT_ONCE = 5_000;

/**
 * Gives up joining books, in the caller's transaction: their numbers leave, and nothing is left under their key but
 * kept blocks.
 */
export async function discardJoining(db: ClientBase, chainId: number): Promise<void> {
  const key = joiningKey(chainId);
  const contracts = await readJoiningContracts(db, chainId);
  if (contracts.length > 0) await leaveBooks(db, key, contracts);
  for (const table of [
    'chain_cursor',
    'hot_block',
    'source_range',
    'contract_hold',
    'hash_cursor',
    'ledger_hash',
    'label',
    'manifest',
  ]) {
    await db.query(`DELETE FROM ${table} WHERE chain_id = $1`, [key]);
  }
}

/** Deletes some of the kept blocks of joining books. @returns whether there may be more */
export async function deleteJoiningBlocks(db: ClientBase, chainId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `DELETE FROM block WHERE id IN (
       SELECT id FROM block WHERE chain_id = $1 ORDER BY "timestamp" LIMIT $2)`,
    [joiningKey(chainId), BLOCKS_AT_ONCE],
  );
  return rowCount === BLOCKS_AT_ONCE;
}

/** Whether anything is stored under the key of joining books. */
export async function isBegun(db: SqlClient, chainId: number): Promise<boolean> {
  const { rows } = await db.query<{ is_begun: boolean }>(
    `SELECT EXISTS (SELECT FROM manifest WHERE chain_id = $1)
       OR EXISTS (SELECT FROM chain_cursor WHERE chain_id = $1)
       OR EXISTS (SELECT FROM block WHERE chain_id = $1) AS is_begun`,
    [joiningKey(chainId)],
  );
  return rows[0]?.is_begun === true;
}
