import { quotedColumns } from '../../../model/table.js';
import {
  CONTRACT,
  type ContractColumns,
  type ContractRow,
  decodeContract,
} from '../../../model/tables/contract.js';
import { heldBlockSql } from '../chains/heldBlock.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The fixed properties of an indexed AI oracle. */
export interface OracleRecord extends Omit<ContractRow, 'id' | 'kind'> {
  /** The newest block at whose end its books are right, since it is held; `null`: they continue. */
  readonly heldBlock: number | null;
}

/** The indexed oracles of all chains, in the order of first indexing. */
export async function readOracles(db: Queryable): Promise<OracleRecord[]> {
  const rows = await readRows<ContractColumns & { readonly held_block: number | null }>(
    db,
    'oracles',
    `SELECT ${quotedColumns(CONTRACT).join(', ')}, ${heldBlockSql('contract')} AS held_block FROM contract
     WHERE kind = 'oracle' AND chain_id > 0 ORDER BY number`,
    [],
  );
  return rows.map((row) => {
    const { id: _, kind: __, ...oracle } = decodeContract(row);
    return { ...oracle, heldBlock: row.held_block };
  });
}
