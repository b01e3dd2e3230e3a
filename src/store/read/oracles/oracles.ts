import { quotedColumns } from '../../../model/table.js';
import {
  CONTRACT,
  type ContractColumns,
  type ContractRow,
  decodeContract,
} from '../../../model/tables/contract.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The fixed properties of an indexed AI oracle. */
export type OracleRecord = Omit<ContractRow, 'id' | 'kind'>;

/** The indexed oracles of all chains, in the order of first indexing. */
export async function readOracles(db: Queryable): Promise<OracleRecord[]> {
  const rows = await readRows<ContractColumns>(
    db,
    'oracles',
    `SELECT ${quotedColumns(CONTRACT).join(', ')} FROM contract
     WHERE kind = 'oracle' AND chain_id > 0 ORDER BY number`,
    [],
  );
  return rows.map((row) => {
    const { id: _, kind: __, ...oracle } = decodeContract(row);
    return oracle;
  });
}
