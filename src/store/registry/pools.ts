import { DEPOSIT_POOL, type DepositPoolRow } from '../../model/tables/depositPool.js';
import type { SqlClient } from '../database/sqlClient.js';
import { tokenId } from '../ids.js';
import { insertContract } from './contracts.js';
import { insertRow } from './insertRow.js';

/** A pool that is about to be indexed for the first time. */
export type NewDepositPool = Omit<DepositPoolRow, 'id' | 'number' | 'chainId'>;

/** Adds a pool, to the contracts too, and returns its number. */
export async function insertDepositPool(
  db: SqlClient,
  chainId: number,
  pool: NewDepositPool,
): Promise<number> {
  const { address, label, startBlock } = pool;
  const number = await insertContract(db, chainId, { address, kind: 'pool', label, startBlock });
  const row = { ...pool, id: tokenId(chainId, address), number, chainId };
  await insertRow<DepositPoolRow>(db, DEPOSIT_POOL, row);
  return number;
}
