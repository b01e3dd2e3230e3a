import { quotedColumns } from '../../../model/table.js';
import {
  DEPOSIT_POOL,
  type DepositPoolColumns,
  type DepositPoolRow,
  decodeDepositPool,
} from '../../../model/tables/depositPool.js';
import { keySql } from '../../booksKey.js';
import { heldBlockSql } from '../chains/heldBlock.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A pool that is looked through. */
export interface DepositPoolRecord extends Omit<DepositPoolRow, 'id'> {
  /** The block at whose end the books end, since the config no longer names it; `null`: they continue. */
  readonly archivedBlock: number | null;
  /** The newest block at whose end its books are right, since it is held; `null`: they continue. */
  readonly heldBlock: number | null;
}

interface ReadPool extends DepositPoolColumns {
  readonly archived_block: number | null;
  readonly held_block: number | null;
}

/** The indexed pools, in the order of first indexing: all live ones, or those of a key of books (a chain). */
export async function readDepositPools(
  db: Queryable,
  chainId: number | null = null,
): Promise<DepositPoolRecord[]> {
  const rows = await readRows<ReadPool>(
    db,
    'deposit_pools',
    `SELECT ${quotedColumns(DEPOSIT_POOL).join(', ')},
       (SELECT k.archived_block FROM contract k WHERE k.number = deposit_pool.number) AS archived_block,
       ${heldBlockSql('deposit_pool')} AS held_block
     FROM deposit_pool WHERE ${keySql('chain_id', '$1')} ORDER BY number`,
    [chainId],
  );
  return rows.map((row) => {
    const { id: _, ...pool } = decodeDepositPool(row);
    return { ...pool, archivedBlock: row.archived_block, heldBlock: row.held_block };
  });
}
