import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An indexed AI oracle: what never changes. */
export interface OracleRecord {
  /** Our number of it; part of every row id. */
  readonly number: number;
  readonly chainId: number;
  readonly address: Address;
  readonly label: string | null;
  readonly startBlock: number;
}

interface Row {
  readonly number: number;
  readonly chain_id: number;
  readonly address: Buffer;
  readonly label: string | null;
  readonly start_block: number;
}

/** The indexed oracles of all chains, in the order of first indexing. */
export async function readOracles(db: Queryable): Promise<OracleRecord[]> {
  const rows = await readRows<Row>(
    db,
    'oracles',
    `SELECT number, chain_id, address, label, start_block FROM contract
     WHERE kind = 'oracle' ORDER BY number`,
    [],
  );
  return rows.map((row) => ({
    number: row.number,
    chainId: row.chain_id,
    address: addressFromBytes(row.address),
    label: row.label,
    startBlock: row.start_block,
  }));
}
